using Fovea.Cli.Output;
using SkiaSharp;

namespace Fovea.Cli.Pictures;

/// <summary>The letters of pictures: a sans-serif face that is installed.</summary>
internal static class PictureFont
{
    private static readonly string[] s_wanted = ["DejaVu Sans", "Noto Sans", "Liberation Sans", "Open Sans", "Segoe UI", "Arial", "Helvetica"];

    /// <summary>The name of the first such face; null where there is none of those.</summary>
    internal static string? Name { get; } = Find();

    /// <summary>The face itself, or what the system has instead.</summary>
    internal static SKTypeface Face(bool isBold = false) =>
        SKTypeface.FromFamilyName(Name, isBold ? SKFontStyle.Bold : SKFontStyle.Normal) ?? SKTypeface.Default;

    /// <summary>Says so where no letters can be drawn.</summary>
    internal static void Check(Report report)
    {
        if (SKFontManager.Default.FontFamilyCount == 0)
            report.Warning("no fonts are installed: the picture has no text; wanted a package such as fonts-dejavu-core");
    }

    private static string? Find()
    {
        var installed = SKFontManager.Default.FontFamilies.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Array.Find(s_wanted, installed.Contains);
    }
}
