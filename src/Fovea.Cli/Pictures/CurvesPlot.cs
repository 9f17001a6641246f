using System.Globalization;
using Fovea.Training.Logging;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Fovea.Cli.Pictures;

/// <summary>The course of a run as PNG: loss and top-1 over the epochs, in training and in validation.</summary>
internal static class CurvesPlot
{
    private const int Width = 1400;
    private const int Height = 560;
    private const int TitleRoom = 600;
    private const int MostTicks = 12;
    private const int MostMarkers = 40;

    /// <param name="epochs">What the run's table says; one epoch at least.</param>
    /// <param name="title">What run it is.</param>
    /// <param name="isAugmented">Whether training images were augmented, so that their numbers are not those of the images as they are.</param>
    internal static byte[] Draw(IReadOnlyList<EpochNumbers> epochs, string title, bool isAugmented)
    {
        var both = new Multiplot();
        both.AddPlots(2);
        both.Layout = new ScottPlot.MultiplotLayouts.Columns();
        var training = isAugmented ? "training, augmented" : "training";
        var (loss, top1) = (both.GetPlot(0), both.GetPlot(1));
        Panel(loss, $"{title}: loss", "loss, nats", epochs, (training, epoch => epoch.TrainLoss), ("validation", epoch => epoch.Loss));
        var (low, high) = Losses(epochs);
        loss.Axes.SetLimitsY(low, high);
        Panel(top1, $"{title}: top-1", "top-1, 0-1", epochs, (training, epoch => epoch.TrainTop1), ("validation", epoch => epoch.Top1));
        // A marker at 0 or 1 is seen whole.
        top1.Axes.SetLimitsY(-0.02, 1.02);
        var shares = Enumerable.Range(0, 11).Select(i => i / 10.0).ToArray();
        top1.Axes.Left.TickGenerator = new NumericManual(shares, [.. shares.Select(share => share.ToString("0.0", CultureInfo.InvariantCulture))]);
        return both.Render(Width, Height).GetImageBytes(ImageFormat.Png);
    }

    /// <summary>The losses that the axis spans: from 0, unless there are some below it, to a little above the largest.</summary>
    internal static (double Low, double High) Losses(IReadOnlyList<EpochNumbers> epochs)
    {
        double[] losses = [.. epochs.SelectMany(epoch => (double?[])[epoch.TrainLoss, epoch.Loss]).OfType<double>().Where(double.IsFinite)];
        var (low, high) = (Math.Min(0, losses.DefaultIfEmpty(0).Min()), Math.Max(0, losses.DefaultIfEmpty(0).Max()));
        var room = high > low ? 0.05 * (high - low) : 1;
        return (low < 0 ? low - room : 0, high + room);
    }

    /// <summary>The epochs that the axis names: the first, and of the others at most a dozen, at even distances.</summary>
    internal static IReadOnlyList<int> Ticks(int first, int last)
    {
        var step = 1;
        for (var i = 0; (last - first) / step >= MostTicks; i++) step = i % 3 == 1 ? step / 2 * 5 : step * 2;
        if (step <= 2) return [.. Enumerable.Range(0, ((last - first) / step) + 1).Select(i => first + (i * step))];
        // Round numbers after the first, none of them close to it.
        return [first, .. Enumerable.Range(1, last / step).Select(i => i * step).Where(epoch => epoch - first > step / 2)];
    }

    private static void Panel(
        Plot plot, string title, string y, IReadOnlyList<EpochNumbers> epochs, (string Name, Func<EpochNumbers, double?> Of) training,
        (string Name, Func<EpochNumbers, double?> Of) validation)
    {
        if (PictureFont.Name is { } font) plot.Font.Set(font);
        PlotTitle.Set(plot, title, TitleRoom);
        plot.XLabel("epoch");
        plot.YLabel(y);
        plot.Axes.Left.MinimumSize = 80;
        // The rings of one are seen around the points of the other.
        Line(plot, epochs, training.Of, "#e07b00", training.Name, MarkerShape.OpenCircle, 11);
        Line(plot, epochs, validation.Of, "#1f5f99", validation.Name, MarkerShape.FilledCircle, 6);
        var (first, last) = (epochs[0].Epoch, epochs[^1].Epoch);
        var side = Math.Max(0.5, 0.02 * (last - first));
        plot.Axes.SetLimitsX(first - side, last + side);
        var ticks = Ticks(first, last);
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [.. ticks.Select(epoch => (double)epoch)], [.. ticks.Select(epoch => epoch.ToString(CultureInfo.InvariantCulture))]);
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.ShowLegend(Edge.Bottom);
    }

    private static void Line(
        Plot plot, IReadOnlyList<EpochNumbers> epochs, Func<EpochNumbers, double?> number, string colour, string name, MarkerShape shape, float size)
    {
        var known = epochs.Where(epoch => number(epoch) is { } value && double.IsFinite(value)).ToArray();
        if (known.Length == 0) return;
        var line = plot.Add.Scatter(
            known.Select(epoch => (double)epoch.Epoch).ToArray(), known.Select(epoch => number(epoch)!.Value).ToArray(), Color.FromHex(colour));
        (line.LineWidth, line.MarkerShape, line.MarkerSize, line.LegendText) = (2.5f, shape, known.Length > MostMarkers ? 0 : size, name);
        line.MarkerLineWidth = 2;
    }
}
