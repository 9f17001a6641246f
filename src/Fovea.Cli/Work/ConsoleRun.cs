using Fovea.Cli.Output;
using Fovea.Cli.Pictures;
using Fovea.Cli.Usage;
using Fovea.Data.Decoding;
using Fovea.Runs;
using Fovea.Training;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;

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
    /// <param name="stop">Ends reading the data, even if the system hangs.</param>
    internal ConsoleRun(TrainRecipe recipe, RunPlace place, Report report, CancellationToken stop = default)
    {
        (_report, _log) = (report, new TrainLog(report, recipe));
        SeparateFolders.Check("--out", place.Output, place.Data);
        Run = _log.Show(log => new TrainingRun(recipe, place, new() { Log = log, Load = _log.Load, Progress = _log.Taken }, stop));
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
        var end = _log.Show(_ => Run.Train(stop));
        if (end == TrainingEnd.Finished) Draw();
        return end;
    }

    public void Dispose() => Run.Dispose();

    /// <summary>Draws the course of the run, and what the last evaluation found; where that cannot be done, the run is no less finished.</summary>
    private void Draw()
    {
        var folder = Run.Folder;
        try
        {
            var title = $"{Run.ModelName}, {Path.GetFileName(folder.Path)}";
            if (CsvLog.Read(folder.MetricsPath) is { Count: > 0 } epochs)
                EvaluationPictures.Save(folder.Path, "curves.png", CurvesPlot.Draw(epochs, title));
            if (Run.LastEpoch?.Validation is { } metrics)
                EvaluationPictures.Write(folder.Path, title, metrics, Run.Data.Validation, Run.Recipe.EvaluationPipeline);
        }
        catch (Exception e) when (e is IOException or ImageException or UsageException or TypeInitializationException or DllNotFoundException)
        {
            _log.Warning($"the pictures of the run were not drawn: {e.Message}");
        }
    }
}
