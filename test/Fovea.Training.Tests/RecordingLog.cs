using Fovea.Training.Logging;

namespace Fovea.Training.Tests;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingLog : ITrainingLog
{
    internal List<StepReport> Steps { get; } = [];

    internal List<EpochReport> Epochs { get; } = [];

    internal List<string> Messages { get; } = [];

    internal List<string> Warnings { get; } = [];

    public void Step(in StepReport report) => Steps.Add(report);

    public void Epoch(EpochReport report) => Epochs.Add(report);

    public void Message(string text) => Messages.Add(text);

    public void Warning(string text) => Warnings.Add(text);
}
