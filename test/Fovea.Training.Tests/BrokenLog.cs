using Fovea.Training.Logging;

namespace Fovea.Training.Tests;

/// <summary>A log that can never be written.</summary>
internal sealed class BrokenLog : ITrainingLog
{
    public void Step(in StepReport report) => throw Full();

    public void Epoch(EpochReport report) => throw Full();

    public void Message(string text) => throw Full();

    public void Warning(string text) => throw Full();

    private static IOException Full() => new("No space left on device.");
}
