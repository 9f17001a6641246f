using System.Text.Json.Serialization;

namespace Fovea.Training.State;

/// <summary>Where a run stands: with the variables of the session, all that a checkpoint needs to go on as if nothing had happened.</summary>
public sealed class RunState
{
    /// <summary>The epochs that are over, which is also the number of the present one, from 0.</summary>
    [JsonRequired]
    public int Epoch { get; set; }

    /// <summary>The batches of the present epoch that have been taken.</summary>
    [JsonRequired]
    public int Batch { get; set; }

    /// <summary>The batches that have been taken since the run began; numbers the draws of random operations.</summary>
    [JsonRequired]
    public long Batches { get; set; }

    /// <summary>The updates since the run began.</summary>
    [JsonRequired]
    public long Step { get; set; }

    /// <summary>The batches whose gradients wait for an update.</summary>
    [JsonRequired]
    public int PendingBatches { get; set; }

    /// <summary>The images of those batches.</summary>
    [JsonRequired]
    public int PendingSamples { get; set; }

    /// <summary>The images of the present epoch so far.</summary>
    [JsonRequired]
    public long Samples { get; set; }

    /// <summary>The sum of their losses.</summary>
    [JsonRequired]
    public double LossSum { get; set; }

    /// <summary>How many of them were recognised, each by the weights of its step.</summary>
    [JsonRequired]
    public long Hits { get; set; }

    /// <summary>The largest top-1 share of an evaluation, 0–1; −1 before the first.</summary>
    [JsonRequired]
    public double BestTop1 { get; set; } = -1;

    /// <summary>The epoch, counted from 1, after which it was reached; 0 before the first evaluation.</summary>
    [JsonRequired]
    public int BestEpoch { get; set; }

    /// <summary>The time spent in training and evaluation, in seconds, over all resumptions.</summary>
    [JsonRequired]
    public double Seconds { get; set; }

    /// <summary>Names of the training images that turned out to be bad; the order of the others depends on them.</summary>
    [JsonRequired]
    public IReadOnlyList<string> BadImages { get; set; } = [];

    /// <summary>The evaluations so far, in their order; schedules may follow them.</summary>
    public IReadOnlyList<EpochScore> Scores { get; set; } = [];

    /// <summary>The mean loss of the present epoch so far; 0 before its first batch.</summary>
    public double MeanLoss => Samples == 0 ? 0 : LossSum / Samples;

    /// <summary>The share of images recognised in the present epoch so far; 0 before its first batch.</summary>
    public double Top1 => Samples == 0 ? 0 : (double)Hits / Samples;

    /// <summary>Counts a batch of the present epoch.</summary>
    internal void Count(int samples, int hits, double meanLoss)
    {
        Batch++;
        Samples += samples;
        Hits += hits;
        LossSum += meanLoss * samples;
    }

    /// <summary>Ends the present epoch.</summary>
    public void NextEpoch()
    {
        Epoch++;
        (Batch, Samples, LossSum, Hits) = (0, 0, 0, 0);
    }
}
