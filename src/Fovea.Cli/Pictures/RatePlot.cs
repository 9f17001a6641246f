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
    private const int MostRatio = 4;

    private static readonly Color s_raw = Color.FromHex("#9db4c9");
    private static readonly Color s_smoothed = Color.FromHex("#1f5f99");

    /// <param name="curve">The curve.</param>
    /// <param name="title">What it is of.</param>
    internal static byte[] Draw(RateCurve curve, string title)
    {
        var plot = new Plot();
        if (PictureFont.Name is { } font) plot.Font.Set(font);
        plot.Title(title, 17);
        plot.Axes.Left.MinimumSize = LeftMargin;
        plot.XLabel(curve.Range.IsLinear ? "optimizer.learning_rate" : "optimizer.learning_rate (logarithmic)");
        plot.YLabel("training loss, nats");
        double X(double rate) => curve.Range.IsLinear ? rate : Math.Log10(rate);
        var xs = curve.Points.Select(point => X(point.LearningRate)).ToArray();
        Line(plot, xs, [.. curve.Points.Select(point => point.Loss)], s_raw, 1.4f, "loss of each batch");
        Line(plot, xs, [.. curve.Points.Select(point => point.SmoothedLoss)], s_smoothed, 3f, "smoothed");
        if (curve.Suggest() is { } suggested) Mark(plot, curve, suggested, X);
        Frame(plot, curve, xs);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

    private static void Line(Plot plot, double[] xs, double[] ys, Color colour, float width, string name)
    {
        var line = plot.Add.ScatterLine(xs, ys, colour);
        line.LineWidth = width;
        line.LegendText = name;
    }

    private static void Mark(Plot plot, RateCurve curve, RateSuggestions suggested, Func<double, double> x)
    {
        (string Name, double Rate, string Colour, MarkerShape Shape)[] marks =
        [
            ("valley", suggested.Valley, "#2a9d5c", MarkerShape.FilledCircle),
            ("steepest fall", suggested.Steepest, "#e07b00", MarkerShape.FilledDiamond),
            ("a tenth of the lowest", suggested.MinimumTenth, "#b5338a", MarkerShape.FilledSquare),
        ];
        foreach (var (name, rate, hex, shape) in marks)
        {
            var colour = Color.FromHex(hex);
            var upright = plot.Add.VerticalLine(x(rate), 1.2f, colour.WithAlpha(.55), LinePattern.Dashed);
            upright.ExcludeFromLegend = true;
            var mark = plot.Add.ScatterPoints(new[] { x(rate) }, new[] { LossAt(curve, rate) }, colour);
            (mark.MarkerShape, mark.MarkerSize) = (shape, 13);
            mark.LegendText = string.Create(CultureInfo.InvariantCulture, $"{name}: {rate:G2}");
        }
    }

    /// <summary>The smoothed loss at the step whose rate is nearest.</summary>
    private static double LossAt(RateCurve curve, double rate) =>
        curve.Points.MinBy(point => Math.Abs(Math.Log(point.LearningRate / rate))).SmoothedLoss;

    /// <summary>Axes around what matters: a loss that has diverged is cut off where the test ends at the latest.</summary>
    private static void Frame(Plot plot, RateCurve curve, double[] xs)
    {
        var losses = curve.Points.Select(point => point.Loss).Concat(curve.Points.Select(point => point.SmoothedLoss)).ToArray();
        var (low, start) = (losses.Min(), curve.Points[0].Loss);
        var high = Math.Min(losses.Max(), Math.Max(start + (0.6 * (start - low)), MostRatio * curve.Points.Min(point => point.SmoothedLoss)));
        var (margin, side) = (0.05 * Math.Max(high - low, 1e-6), 0.02 * Math.Max(xs[^1] - xs[0], 1e-9));
        plot.Axes.SetLimits(xs[0] - side, xs[^1] + side, low - margin, high + margin);
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
        plot.ShowLegend(Alignment.LowerLeft);
    }

    /// <summary>A power of ten as people write it.</summary>
    private static string Power(int exponent) =>
        exponent is >= -3 and <= 3 ? Math.Pow(10, exponent).ToString("0.###", CultureInfo.InvariantCulture) : FormattableString.Invariant($"1e{exponent}");
}
