using Fovea.Training.Recipes;
using Fovea.Training.Schedules;
using ScottPlot;

namespace Fovea.Cli.Pictures;

/// <summary>What a recipe's schedule sets over a run, as points and as PNG.</summary>
/// <param name="Points">Epoch, learning rate and, where the schedule sets it, momentum; each holds until the next, the last to the end.</param>
/// <param name="Epochs">The epochs of the run.</param>
internal sealed record SchedulePlot(IReadOnlyList<(double Epoch, double Rate, double? Momentum)> Points, int Epochs)
{
    private const int MostPoints = 2000;
    private const int Width = 1100;
    private const int Height = 600;

    /// <summary>The course over a run of so many updates an epoch.</summary>
    internal static SchedulePlot Of(TrainRecipe recipe, long stepsPerEpoch)
    {
        var (schedule, epochs) = (recipe.Schedule, recipe.Train.Epochs);
        var full = recipe.Optimizer.ScaledRate(recipe.Train.BatchSize * recipe.Train.Accumulate);
        var steps = new RunProgress(0, stepsPerEpoch, epochs) { MostSteps = recipe.Train.Steps }.Steps;
        var count = (int)Math.Min(steps, MostPoints);
        var hasMomentum = schedule.Drives.Contains(ScheduleOptions.Momentum);
        return new([.. Enumerable.Range(0, count).Select(i => At(count == 1 ? 0 : (long)((double)i * (steps - 1) / (count - 1))))], epochs);

        (double, double, double?) At(long step)
        {
            var run = new RunProgress(step, stepsPerEpoch, epochs) { MostSteps = recipe.Train.Steps };
            return (run.Epoch, schedule.RateAt(full, run), hasMomentum ? schedule.NumberAt(ScheduleOptions.Momentum, run) : null);
        }
    }

    internal byte[] Draw(string title)
    {
        var plot = new Plot();
        if (PictureFont.Name is { } font) plot.Font.Set(font);
        PlotTitle.Set(plot, title, Width);
        plot.XLabel("epochs");
        plot.YLabel("learning rate");
        plot.Axes.Left.MinimumSize = 90;
        var rate = Line(plot, [.. Points.Select(point => point.Rate)], "#1f5f99", "learning rate");
        rate.Axes.YAxis = plot.Axes.Left;
        plot.Axes.SetLimits(0, Epochs, 0, 1.05 * Math.Max(Points.Max(point => point.Rate), 1e-9));
        if (Points[0].Momentum is not null)
        {
            var momentum = Line(plot, [.. Points.Select(point => point.Momentum!.Value)], "#e07b00", "momentum");
            momentum.Axes.YAxis = plot.Axes.Right;
            plot.Axes.Right.Label.Text = "momentum";
            plot.Axes.Right.MinimumSize = 80;
            plot.Legend.FontSize = 14;
            plot.Legend.Orientation = Orientation.Horizontal;
            plot.ShowLegend(Edge.Bottom);
        }
        else
        {
            plot.HideLegend();
        }

        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

    /// <summary>A line of stairs: what is set for an update holds until the next.</summary>
    private ScottPlot.Plottables.Scatter Line(Plot plot, double[] values, string colour, string name)
    {
        double[] epochs = [.. Points.Select(point => point.Epoch), Epochs];
        var line = plot.Add.ScatterLine(epochs, [.. values, values[^1]], Color.FromHex(colour));
        (line.LineWidth, line.LegendText, line.ConnectStyle) = (2.5f, name, ConnectStyle.StepHorizontal);
        return line;
    }
}
