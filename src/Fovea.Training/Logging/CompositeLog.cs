namespace Fovea.Training.Logging;

/// <summary>Tells several logs the same, in order.</summary>
public sealed class CompositeLog(params IReadOnlyList<ITrainingLog> logs) : ITrainingLog
{
    /// <inheritdoc/>
    public void Step(in StepReport report)
    {
        foreach (var log in logs) log.Step(report);
    }

    /// <inheritdoc/>
    public void Epoch(EpochReport report)
    {
        foreach (var log in logs) log.Epoch(report);
    }

    /// <inheritdoc/>
    public void Message(string text)
    {
        foreach (var log in logs) log.Message(text);
    }

    /// <inheritdoc/>
    public void Warning(string text)
    {
        foreach (var log in logs) log.Warning(text);
    }
}
