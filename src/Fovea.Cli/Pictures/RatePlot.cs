using System.Globalization;
using Fovea.Training.RateFinding;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Fovea.Cli.Pictures;

/// <summary>The curve of a range test as PNG: raw and smoothed loss over the rate, and what they suggest.</summary>
internal static class RatePlot
{
    private const int Width = 1100;
    private const int Height = 650;
    private const int LeftMargin = 80;

    private static readonly Color s_raw = Color.FromHex("#9db4c9");
    private static readonly Color s_smoothed = Color.FromHex("#1f5f99");

    /// <param name="curve">The curve.</param>
    /// <param name="title">What it is of.</param>
    internal static byte[] Draw(RateCurve curve, string title)
    {
        var plot = new Plot();
        if (PictureFont.Name is { } font) plot.Font.Set(font);
        PlotTitle.Set(plot, title, Width - LeftMargin);
        plot.Axes.Left.MinimumSize = LeftMargin;
        plot.XLabel(curve.Range.IsLinear ? "optimizer.learning_rate" : "optimizer.learning_rate (logarithmic)");
        plot.YLabel("training loss, nats");
        double X(double rate) => curve.Range.IsLinear ? rate : Math.Log10(rate);
        var xs = curve.Points.Select(point => X(point.LearningRate)).ToArray();
        Line(plot, xs, [.. curve.Points.Select(point => point.Loss)], s_raw, 1.4f, "loss of each batch");
        Line(plot, xs, [.. curve.Points.Select(point => point.SmoothedLoss)], s_smoothed, 3f, "smoothed");
        Mark(plot, curve, X);
        Frame(plot, curve, xs);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

    private static void Line(Plot plot, double[] xs, double[] ys, Color colour, float width, string name)
    {
        var line = plot.Add.ScatterLine(xs, ys, colour);
        line.LineWidth = width;
        line.LegendText = name;
    }

    private static void Mark(Plot plot, RateCurve curve, Func<double, double> x)
    {
        foreach (var rule in curve.Advise().Rules.Where(rule => rule.Counts))
        {
            var (name, hex, shape) = rule.Kind switch
            {
                RateRuleKind.Valley => ("valley", "#2a9d5c", MarkerShape.FilledCircle),
                RateRuleKind.Steepest => ("steepest fall", "#e07b00", MarkerShape.FilledDiamond),
                _ => ("a tenth of the lowest", "#b5338a", MarkerShape.FilledSquare),
            };
            var colour = Color.FromHex(hex);
            var upright = plot.Add.VerticalLine(x(rule.Rate), 1.2f, colour.WithAlpha(.55), LinePattern.Dashed);
            upright.ExcludeFromLegend = true;
            var mark = plot.Add.ScatterPoints(new[] { x(rule.Rate) }, new[] { LossAt(curve, rule.Rate) }, colour);
            (mark.MarkerShape, mark.MarkerSize) = (shape, 13);
            mark.LegendText = string.Create(CultureInfo.InvariantCulture, $"{name}: {rule.Rate:G2}");
        }
    }

    /// <summary>The smoothed loss at the step whose rate is nearest.</summary>
    private static double LossAt(RateCurve curve, double rate) =>
        curve.Points.MinBy(point => Math.Abs(Math.Log(point.LearningRate / rate))).SmoothedLoss;

    /// <summary>The losses that the picture shows: those of the smoothed curve before it diverges, with room for most of the raw ones.</summary>
    internal static (double Low, double High) Losses(RateCurve curve)
    {
        var points = curve.Points;
        var lowest = points.Index().MinBy(point => point.Item.SmoothedLoss).Index;
        var (low, high) = (points[lowest].SmoothedLoss, points.Take(lowest + 1).Max(point => point.SmoothedLoss));
        double[] distances = [.. points.Take(lowest + 1).Select(point => Math.Abs(point.Loss - point.SmoothedLoss)).Order()];
        var room = Math.Max(Math.Max(0.2 * (high - low), 2 * distances[distances.Length / 2]), Math.Max(0.05 * Math.Abs(low), 1e-6));
        return (low - room, high + room);
    }

    /// <summary>Axes around what matters: a loss that diverges leaves the picture.</summary>
    private static void Frame(Plot plot, RateCurve curve, double[] xs)
    {
        var ((low, high), side) = (Losses(curve), 0.02 * Math.Max(xs[^1] - xs[0], 1e-9));
        plot.Axes.SetLimits(xs[0] - side, xs[^1] + side, low, high);
        if (!curve.Range.IsLinear)
            plot.Axes.Bottom.TickGenerator = new NumericAutomatic
            {
                LabelFormatter = exponent => Power((int)Math.Round(exponent)),
                IntegerTicksOnly = true,
                MinorTickGenerator = new LogMinorTickGenerator(),
            };
        plot.Grid.XAxisStyle.MinorLineStyle.Width = 1;
        plot.Grid.XAxisStyle.MinorLineStyle.Color = Colors.Black.WithAlpha(.04);
        plot.Legend.FontSize = 14;
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.ShowLegend(Edge.Bottom);
    }

    /// <summary>A power of ten as people write it.</summary>
    private static string Power(int exponent) =>
        exponent is >= -3 and <= 3 ? Math.Pow(10, exponent).ToString("0.###", CultureInfo.InvariantCulture) : FormattableString.Invariant($"1e{exponent}");
}
