using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Fovea.Json;
using Fovea.Training.State;

namespace Fovea.Training.Checkpoints;

/// <summary>A <see cref="RunState"/> as JSON; numbers come back exactly, and only those that a run can have.</summary>
internal static class RunStateText
{
    internal static string Write(RunState state) => JsonSerializer.Serialize(state, CheckpointJson.Default.RunState);

    /// <summary>Reads a state of a run about <paramref name="facts"/>.</summary>
    /// <exception cref="FormatException">
    /// The text is no such object, or a number is none that a run can have; the message names it, its value and its range.
    /// </exception>
    internal static RunState Read(string text, RunFacts facts)
    {
        var state = JsonText.Read(text, "its state", CheckpointJson.Default.RunState);
        Check("epoch", state.Epoch, 0, int.MaxValue - 1);
        Check("batch", state.Batch, 0, int.MaxValue - 1);
        Check("batches", state.Batches, (long)state.Epoch + state.Batch, int.MaxValue);
        Check("step", state.Step, 0, state.Batches);
        Check("pending_batches", state.PendingBatches, 0, Math.Min(state.Batch, facts.Accumulate - 1));
        Check("samples", state.Samples, state.Batch, (long)state.Batch * facts.BatchSize);
        Check("pending_samples", state.PendingSamples, state.PendingBatches, Math.Min(state.Samples, (long)state.PendingBatches * facts.BatchSize));
        Check("loss_sum", state.LossSum, double.MinValue, double.MaxValue);
        Check("hits", state.Hits, 0, state.Samples);
        Check("best_epoch", state.BestEpoch, 0, state.Epoch + 1);
        if (state.BestEpoch == 0) Check("best_top1", state.BestTop1, -1, -1);
        else Check("best_top1", state.BestTop1, 0, 1);
        Check("seconds", state.Seconds, 0, double.MaxValue);
        CheckScores(state);
        return state.BadImages.Contains(null!) ? throw new FormatException("its state has null in bad_images; wanted a list of names") : state;
    }

    private static void CheckScores(RunState state)
    {
        Check("scores: their number", state.Scores.Count, 0, state.Epoch + 1);
        var last = 0;
        foreach (var score in state.Scores)
        {
            Check("scores: an epoch", score.Epoch, last + 1, state.Epoch + 1);
            Check("scores: a top1", score.Top1, 0, 1);
            Check("scores: a loss", score.Loss, double.MinValue, double.MaxValue);
            last = score.Epoch;
        }
    }

    private static void Check<T>(string name, T number, T low, T high)
        where T : INumber<T>
    {
        if (number >= low && number <= high) return;
        var kind = typeof(T) == typeof(double) ? "a number" : "a whole number";
        throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"its state has {name} {number}; wanted {kind} from {low} to {high}"));
    }
}
