using System.Globalization;
using Fovea.Darknet;
using Fovea.Formats;
using Fovea.Runs;
using Fovea.Training.Logging;

namespace Fovea.Cli.Darknet;

/// <summary>
/// The files of weights that Darknet leaves while it trains (<c>train_classifier</c>): <c>NAME_1000.weights</c> and so on, <c>NAME_last.weights</c> after each
/// 100 updates, <c>NAME_final.weights</c> at the end.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="stem">Folder and name of the files, without what follows the name.</param>
/// <param name="tell">Takes what is said of each file.</param>
internal sealed class WeightsBackups(DarknetNetwork network, string stem, Action<string> tell) : ITrainingLog
{
    private const int KeptEvery = 1000;
    private const int LastEvery = 100;

    private TrainingRun? _run;
    private long _seen;

    /// <summary>The file of the weights where the run stood last.</summary>
    internal static string Last(string stem) => $"{stem}_last{DarknetWeights.Extension}";

    /// <summary>The file of the weights at the end.</summary>
    internal static string Final(string stem) => $"{stem}_final{DarknetWeights.Extension}";

    /// <summary>Says which run it is about, before it trains.</summary>
    internal void Follow(TrainingRun run) => _run = run;

    public void Batch(in BatchReport report)
    {
        _seen = report.ImagesSeen;
        if (!report.IsUpdate) return;
        if (report.Step % KeptEvery == 0) Write(report.Step.ToString(CultureInfo.InvariantCulture));
        if (report.Step % LastEvery == 0) Write("last");
    }

    public void End(bool isFinished)
    {
        Write("last");
        if (isFinished) Write("final");
    }

    public void Step(in StepReport report)
    {
    }

    public void Epoch(EpochReport report)
    {
    }

    public void Message(string text)
    {
    }

    public void Warning(string text)
    {
    }

    private void Write(string what)
    {
        var path = $"{stem}_{what}{DarknetWeights.Extension}";
        OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
        WeightsWriter.Write(path, network, WeightsHeader.Current((ulong)_seen), _run!.Weights());
        tell($"Saving weights to {path}");
    }
}
