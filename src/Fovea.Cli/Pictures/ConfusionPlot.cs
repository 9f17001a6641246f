using System.Globalization;
using Fovea.Naming;
using Fovea.Training.Metrics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Fovea.Cli.Pictures;

/// <summary>The confusion matrix as PNG: rows are what images are, columns what they were taken for, each cell the share of its row.</summary>
internal static class ConfusionPlot
{
    private const int Cell = 34;
    private const int LeastSide = 420;
    private const int MostSide = 1600;
    private const int MostNames = 60;
    private const int MostCounts = 30;
    private const int LongestName = 24;
    private const int CharacterWidth = 8;
    private const int Frame = 120;

    /// <param name="metrics">What was found.</param>
    /// <param name="title">What it is of.</param>
    internal static byte[] Draw(EvaluationMetrics metrics, string title)
    {
        var classes = metrics.Confusion.Classes;
        var names = metrics.PerClass.OrderBy(row => row.Class).Select(row => Printable.Short(row.Name, LongestName)).ToArray();
        var plot = new Plot();
        if (PictureFont.Name is { } font) plot.Font.Set(font);
        plot.Title(title, 16);
        var map = plot.Add.Heatmap(Shares(metrics.Confusion));
        map.Colormap = new ScottPlot.Colormaps.Blues().Reversed();
        map.ManualRange = new(0, 1);
        // Row 0 at the top.
        plot.Axes.SetLimits(-0.5, classes - 0.5, -0.5, classes - 0.5);
        plot.XLabel("taken for");
        plot.YLabel("is");
        plot.HideGrid();
        if (classes <= MostCounts) Counts(plot, metrics.Confusion);
        var room = classes <= MostNames ? Name(plot, names) : 0;
        var side = Math.Clamp(classes * Cell, LeastSide, MostSide) + Frame + room;
        return plot.GetImageBytes(side, side, ImageFormat.Png);
    }

    private static double[,] Shares(ConfusionMatrix confusion)
    {
        var shares = new double[confusion.Classes, confusion.Classes];
        for (var actual = 0; actual < confusion.Classes; actual++)
        {
            var count = Math.Max(1, confusion.Count(actual));
            for (var predicted = 0; predicted < confusion.Classes; predicted++) shares[actual, predicted] = (double)confusion[actual, predicted] / count;
        }

        return shares;
    }

    private static void Counts(Plot plot, ConfusionMatrix confusion)
    {
        for (var actual = 0; actual < confusion.Classes; actual++)
        {
            for (var predicted = 0; predicted < confusion.Classes; predicted++)
            {
                if (confusion[actual, predicted] is not (> 0 and var count)) continue;
                var text = plot.Add.Text(count.ToString(CultureInfo.InvariantCulture), predicted, confusion.Classes - 1 - actual);
                text.LabelAlignment = Alignment.MiddleCenter;
                text.LabelFontSize = 11;
                text.LabelFontColor = 2 * count > confusion.Count(actual) ? Colors.White : Colors.Black;
            }
        }
    }

    /// <summary>Names the classes on both axes.</summary>
    /// <returns>The pixels that the names take.</returns>
    private static int Name(Plot plot, string[] names)
    {
        var places = Enumerable.Range(0, names.Length).Select(i => (double)i).ToArray();
        plot.Axes.Bottom.TickGenerator = new NumericManual(places, names);
        plot.Axes.Left.TickGenerator = new NumericManual(places, [.. names.Reverse()]);
        plot.Axes.Bottom.TickLabelStyle.Rotation = -60;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
        var room = CharacterWidth * names.Max(name => name.Length);
        plot.Axes.Bottom.MinimumSize = 40 + room;
        plot.Axes.Left.MinimumSize = 50 + room;
        return room;
    }
}
