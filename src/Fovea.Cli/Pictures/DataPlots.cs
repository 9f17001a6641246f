using Fovea.Data.Sources;
using Fovea.Naming;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Fovea.Cli.Pictures;

/// <summary>Pictures of what is known of a data set, as PNG.</summary>
internal static class DataPlots
{
    private const int Width = 1000;
    private const int Height = 600;
    private const int LeftMargin = 80;
    private const int MostNames = 40;
    private const int LongestName = 24;
    private const int CharacterWidth = 8;

    /// <summary>Images per class, the largest class first.</summary>
    internal static byte[] Classes(DatasetStatistics statistics)
    {
        var classes = statistics.Classes.OrderByDescending(of => of.Images).ToArray();
        var plot = Plot("Images per class", "", "images");
        plot.Add.Bars([.. classes.Select(of => (double)of.Images)]);
        plot.Axes.Margins(bottom: 0);
        if (classes.Length > MostNames)
        {
            plot.XLabel("classes, the largest first");
            return Bytes(plot);
        }

        var names = Array.ConvertAll(classes, of => Printable.Short(of.Name, LongestName));
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. Enumerable.Range(0, names.Length).Select(i => (double)i)], names);
        plot.Axes.Bottom.TickLabelStyle.Rotation = -60;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
        plot.Axes.Bottom.MinimumSize = 40 + (CharacterWidth * names.Max(name => name.Length));
        return Bytes(plot);
    }

    /// <summary>Widths and heights; the more images have a resolution, the larger its mark.</summary>
    internal static byte[] Resolutions(DatasetStatistics statistics)
    {
        var plot = Plot("Resolutions", "width, px", "height, px");
        var most = statistics.Sizes.Values.DefaultIfEmpty(1).Max();
        foreach (var group in statistics.Sizes.GroupBy(size => (int)Math.Ceiling(10.0 * size.Value / most)))
        {
            var marks = plot.Add.ScatterPoints(group.Select(size => (double)size.Key.Width).ToArray(), group.Select(size => (double)size.Key.Height).ToArray());
            marks.MarkerSize = 4 + (1.2f * group.Key);
            marks.Color = Colors.C0.WithAlpha(.35);
        }

        plot.Axes.SetLimits(0, Limit(statistics.Widths.Max), 0, Limit(statistics.Heights.Max));
        return Bytes(plot);
    }

    private static Plot Plot(string title, string x, string y)
    {
        var plot = new Plot();
        if (PictureFont.Name is { } font) plot.Font.Set(font);
        PlotTitle.Set(plot, title, Width - LeftMargin);
        plot.XLabel(x);
        plot.YLabel(y);
        // Without it, the name of the axis lies on its numbers.
        plot.Axes.Left.MinimumSize = LeftMargin;
        return plot;
    }

    private static double Limit(double largest) => double.IsNaN(largest) ? 1 : 1.05 * largest;

    private static byte[] Bytes(Plot plot) => plot.GetImageBytes(Width, Height, ImageFormat.Png);
}
