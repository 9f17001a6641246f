using Fovea.Training.Logging;
using ScottPlot;

namespace Fovea.Cli.Pictures;

/// <summary>The course of a run as PNG: loss and top-1 over the epochs, in training and in validation.</summary>
internal static class CurvesPlot
{
    private const int Width = 1400;
    private const int Height = 560;

    /// <param name="epochs">What the run's table says; one epoch at least.</param>
    /// <param name="title">What run it is.</param>
    internal static byte[] Draw(IReadOnlyList<EpochNumbers> epochs, string title)
    {
        var both = new Multiplot();
        both.AddPlots(2);
        both.Layout = new ScottPlot.MultiplotLayouts.Columns();
        Panel(both.GetPlot(0), $"{title}: loss", "loss, nats", epochs, epoch => epoch.TrainLoss, epoch => epoch.Loss, Alignment.UpperRight);
        Panel(both.GetPlot(1), $"{title}: top-1", "top-1, 0-1", epochs, epoch => epoch.TrainTop1, epoch => epoch.Top1, Alignment.LowerRight);
        return both.Render(Width, Height).GetImageBytes(ImageFormat.Png);
    }

    private static void Panel(
        Plot plot, string title, string y, IReadOnlyList<EpochNumbers> epochs, Func<EpochNumbers, double?> training, Func<EpochNumbers, double?> validation,
        Alignment legend)
    {
        if (PictureFont.Name is { } font) plot.Font.Set(font);
        plot.Title(title, 16);
        plot.XLabel("epoch");
        plot.YLabel(y);
        plot.Axes.Left.MinimumSize = 80;
        Line(plot, epochs, training, "#9db4c9", "training, augmented");
        Line(plot, epochs, validation, "#1f5f99", "validation");
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.ShowLegend(legend);
    }

    private static void Line(Plot plot, IReadOnlyList<EpochNumbers> epochs, Func<EpochNumbers, double?> number, string colour, string name)
    {
        var known = epochs.Where(epoch => number(epoch) is { } value && double.IsFinite(value)).ToArray();
        if (known.Length == 0) return;
        var line = plot.Add.Scatter(
            known.Select(epoch => (double)epoch.Epoch).ToArray(), known.Select(epoch => number(epoch)!.Value).ToArray(), Color.FromHex(colour));
        (line.LineWidth, line.MarkerSize, line.LegendText) = (2.5f, known.Length > 40 ? 0 : 6, name);
    }
}
