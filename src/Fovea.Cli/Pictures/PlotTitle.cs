using ScottPlot;
using SkiaSharp;

namespace Fovea.Cli.Pictures;

/// <summary>The title above a plot, which never leaves the picture.</summary>
internal static class PlotTitle
{
    private const int Size = 16;

    /// <summary>Sets it, shortened in the middle where it is longer than the room.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="title">The title.</param>
    /// <param name="room">The pixels that there are for it.</param>
    internal static void Set(Plot plot, string title, int room)
    {
        using var font = new SKFont(PictureFont.Face(isBold: true), Size);
        plot.Title(FittedText.Middle(title, font, room), Size);
    }
}
