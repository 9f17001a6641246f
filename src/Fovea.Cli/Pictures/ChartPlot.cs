using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Fovea.Cli.Pictures;

/// <summary>A training as Darknet's users know it from its chart: the loss on the left axis, top-k in percent on the right, by updates.</summary>
internal static class ChartPlot
{
    private const int Side = 1000;
    private const int TitleRoom = 800;

    /// <param name="losses">The loss of updates.</param>
    /// <param name="shares">Top-k of evaluations after so many updates, 0–1.</param>
    /// <param name="topK">The k.</param>
    /// <param name="mostLoss">Where the axis of the loss ends, unless the last losses are above it.</param>
    /// <param name="title">What the run is called.</param>
    internal static byte[] Draw(
        IReadOnlyList<(long Step, double Loss)> losses, IReadOnlyList<(long Step, double Share)> shares, int topK, double mostLoss, string title)
    {
        var plot = new Plot();
        if (PictureFont.Name is { } font) plot.Font.Set(font);
        PlotTitle.Set(plot, title, TitleRoom);
        plot.XLabel("updates");
        plot.YLabel("loss");
        plot.Axes.Left.MinimumSize = 80;
        plot.Axes.Right.MinimumSize = 80;
        plot.Axes.Right.Label.Text = $"top-{topK}, %";
        Line(plot, losses.Select(point => (point.Step, point.Loss)), "#1f5f99", "loss, smoothed (0.9)", 1.5f, plot.Axes.Left);
        Line(plot, shares.Select(point => (point.Step, 100 * point.Share)), "#c0392b", Last(shares, topK), 3f, plot.Axes.Right);
        var end = Math.Max(1, losses.Select(point => point.Step).Concat(shares.Select(point => point.Step)).DefaultIfEmpty(1).Max());
        var high = losses.Count == 0 ? mostLoss : Math.Min(mostLoss, 1.05 * losses.Max(point => point.Loss));
        plot.Axes.SetLimits(0, end, 0, high > 0 ? high : 1, plot.Axes.Bottom, plot.Axes.Left);
        plot.Axes.SetLimits(0, end, 0, 100, plot.Axes.Bottom, plot.Axes.Right);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true };
        plot.ShowLegend(Edge.Bottom);
        return plot.GetImageBytes(Side, Side, ImageFormat.Png);
    }

    private static string Last(IReadOnlyList<(long Step, double Share)> shares, int topK) => shares.Count == 0
        ? $"top-{topK}"
        : string.Create(CultureInfo.InvariantCulture, $"top-{topK}, at last {100 * shares[^1].Share:F1} %");

    private static void Line(Plot plot, IEnumerable<(long Step, double Number)> points, string colour, string name, float width, IYAxis axis)
    {
        (long Step, double Number)[] all = [.. points];
        if (all.Length == 0) return;
        var line = plot.Add.Scatter(all.Select(point => (double)point.Step).ToArray(), all.Select(point => point.Number).ToArray(), Color.FromHex(colour));
        (line.LineWidth, line.MarkerSize, line.LegendText, line.Axes.YAxis) = (width, all.Length == 1 ? 8 : 0, name, axis);
    }
}
