using System.Globalization;
using Fovea.Naming;
using Fovea.Training.Metrics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Fovea.Cli.Pictures;

/// <summary>The confusion matrix as PNG: rows are the true classes, columns the predicted ones, each cell the share of its row.</summary>
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
    private const int BarRoom = 110;
    private const int MostLines = 100;

    private static readonly Color s_line = Color.FromHex("#c8d0d8");

    /// <param name="metrics">What was found.</param>
    /// <param name="title">What it is of.</param>
    internal static byte[] Draw(EvaluationMetrics metrics, string title)
    {
        var classes = metrics.Confusion.Classes;
        var names = metrics.PerClass.OrderBy(row => row.Class).Select(row => Printable.Short(row.Name, LongestName)).ToArray();
        var plot = new Plot();
        if (PictureFont.Name is { } font) plot.Font.Set(font);
        var map = plot.Add.Heatmap(Shares(metrics.Confusion));
        map.Colormap = new ScottPlot.Colormaps.Blues().Reversed();
        map.ManualRange = new(0, 1);
        // Row 0 at the top.
        plot.Axes.SetLimits(-0.5, classes - 0.5, -0.5, classes - 0.5);
        plot.XLabel("predicted");
        plot.YLabel("true");
        plot.HideGrid();
        if (classes <= MostLines) Lines(plot, classes);
        Bar(plot, map);
        if (classes <= MostCounts) Counts(plot, metrics.Confusion);
        var room = classes <= MostNames ? Name(plot, names) : 0;
        var side = Math.Clamp(classes * Cell, LeastSide, MostSide) + Frame + room;
        PlotTitle.Set(plot, title, side);
        return plot.GetImageBytes(side + BarRoom, side, ImageFormat.Png);
    }

    /// <summary>Thin lines between the cells.</summary>
    private static void Lines(Plot plot, int classes)
    {
        for (var i = 1; i < classes; i++)
        {
            plot.Add.VerticalLine(i - 0.5, 1, s_line);
            plot.Add.HorizontalLine(i - 0.5, 1, s_line);
        }
    }

    private static void Bar(Plot plot, IHasColorAxis map)
    {
        var bar = plot.Add.ColorBar(map);
        bar.Label = "share of the row's images";
        bar.LabelStyle.FontSize = 14;
        double[] shares = [0, 0.2, 0.4, 0.6, 0.8, 1];
        bar.Axis.TickGenerator = new NumericManual(shares, [.. shares.Select(share => share.ToString("0.0", CultureInfo.InvariantCulture))]);
        if (PictureFont.Name is { } font) (bar.LabelStyle.FontName, bar.Axis.TickLabelStyle.FontName) = (font, font);
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
