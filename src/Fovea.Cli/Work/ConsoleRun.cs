using Fovea.Cli.Output;
using Fovea.Cli.Pictures;
using Fovea.Cli.Usage;
using Fovea.Data.Decoding;
using Fovea.Formats;
using Fovea.Naming;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Training;
using Fovea.Training.Logging;
using Fovea.Training.Logging.Styles;
using Fovea.Training.Metrics;
using Fovea.Training.Recipes;
using Fovea.Training.State;

namespace Fovea.Cli.Work;

/// <summary>A run whose course the console shows, and that is drawn when it is finished.</summary>
internal sealed class ConsoleRun : IDisposable
{
    private readonly Report _report;
    private readonly TrainLog _log;

    /// <summary>Opens the run.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="place">Data and folder of the run.</param>
    /// <param name="report">Where the course of the run is told.</param>
    /// <param name="style">In whose lines the course is told; null, the default, for our own.</param>
    /// <param name="beside">Told the course as well; null for nobody.</param>
    /// <param name="stop">Ends reading the data, even if the system hangs.</param>
    internal ConsoleRun(
        TrainRecipe recipe, RunPlace place, Report report, LogStyle? style = null, ITrainingLog? beside = null, CancellationToken stop = default)
    {
        (_report, _log) = (report, new TrainLog(report, recipe, style));
        SeparateFolders.Check("--out", place.Output, place.Data);
        Run = _log.Show(log => new TrainingRun(
            recipe, place,
            new()
            {
                Log = beside is null ? log : new CompositeLog(log, beside), LogFiles = model => style?.FilesOf(model) ?? [],
                GradientNorm = style is { WantsGradientNorm: true }, Load = _log.Load, Progress = _log.Taken,
            },
            stop));
    }

    /// <summary>The run.</summary>
    internal TrainingRun Run { get; }

    /// <summary>Saves, from another thread, a run that does not end although it was asked to, and says how to go on.</summary>
    internal void SaveAndClose(string goesOn)
    {
        if (Run.SaveAndClose()) _report.Log($"the checkpoint is saved; to go on: {goesOn}");
    }

    internal TrainingEnd Train(CancellationToken stop)
    {
        using var asked = stop.Register(() => _log.Message("asked to stop: when the step that is under way has ended, the run is saved"));
        var end = _log.Show(_ => Run.Train(stop));
        if (end == TrainingEnd.Finished) Draw(stop);
        return end;
    }

    public void Dispose()
    {
        Run.Dispose();
        _log.Dispose();
    }

    /// <summary>Draws the course of the run, and what its best evaluation found; where that cannot be done, the run is no less finished.</summary>
    private void Draw(CancellationToken stop)
    {
        var folder = Run.Folder;
        try
        {
            var title = $"{Run.ModelName}, run {Printable.Of(Path.GetFileName(folder.Path))}";
            if (CsvLog.Read(folder.MetricsPath) is { Count: > 0 } epochs)
                EvaluationPictures.Save(folder.Path, "curves.png", CurvesPlot.Draw(epochs, title, IsAugmented(Run.Recipe)));
            if (Evaluation(stop) is var (which, metrics))
                EvaluationPictures.Write(folder.Path, $"{title}, {which}", metrics, Run.Data.Validation, Run.Recipe.EvaluationPipeline);
        }
        catch (Exception e) when (e is IOException or ImageException or UsageException or ModelFormatException or ModelSourceException or TrainingException
            or OperationCanceledException or TypeInitializationException or DllNotFoundException)
        {
            _log.Warning($"the pictures of the run were not drawn: {e.Message}");
        }
    }

    /// <summary>The best evaluation, which is that of the weights that other commands take; where it is lost, the last.</summary>
    private (string Which, EvaluationMetrics Metrics)? Evaluation(CancellationToken stop)
    {
        if (Run.EvaluateBest(stop) is var (epoch, metrics)) return ($"best of epoch {epoch}", metrics);
        return Run.LastEpoch is { Validation: { } found } last ? ($"epoch {last.Epoch}", found) : null;
    }

    private static bool IsAugmented(TrainRecipe recipe) => recipe.Augment.Mixing.Count > 0 || recipe.Augment.Transforms.Any(transform => transform.IsRandom);
}
