namespace Fovea.Training.State;

/// <summary>Where a run stands: with the variables of the session, all that a checkpoint needs to go on as if nothing had happened.</summary>
public sealed class RunState
{
    /// <summary>The epochs that are over, which is also the number of the present one, from 0.</summary>
    public int Epoch { get; set; }

    /// <summary>The batches of the present epoch that have been taken.</summary>
    public int Batch { get; set; }

    /// <summary>The batches that have been taken since the run began; numbers the draws of random operations.</summary>
    public long Batches { get; set; }

    /// <summary>The updates since the run began.</summary>
    public long Step { get; set; }

    /// <summary>The batches whose gradients wait for an update.</summary>
    public int PendingBatches { get; set; }

    /// <summary>The images of those batches.</summary>
    public int PendingSamples { get; set; }

    /// <summary>The images of the present epoch so far.</summary>
    public long Samples { get; set; }

    /// <summary>The sum of their losses.</summary>
    public double LossSum { get; set; }

    /// <summary>How many of them were recognised, each by the weights of its step.</summary>
    public long Hits { get; set; }

    /// <summary>The largest top-1 share of an evaluation, 0–1; −1 before the first.</summary>
    public double BestTop1 { get; set; } = -1;

    /// <summary>The epoch, counted from 1, after which it was reached; 0 before the first evaluation.</summary>
    public int BestEpoch { get; set; }

    /// <summary>Names of the training images that turned out to be bad; the order of the others depends on them.</summary>
    public IReadOnlyList<string> BadImages { get; set; } = [];

    /// <summary>The time spent in training and evaluation, in seconds, over all resumptions.</summary>
    public double Seconds { get; set; }

    /// <summary>The mean loss of the present epoch so far; 0 before its first batch.</summary>
    public double MeanLoss => Samples == 0 ? 0 : LossSum / Samples;

    /// <summary>The share of images recognised in the present epoch so far; 0 before its first batch.</summary>
    public double Top1 => Samples == 0 ? 0 : (double)Hits / Samples;

    /// <summary>Ends the present epoch.</summary>
    public void NextEpoch()
    {
        Epoch++;
        (Batch, Samples, LossSum, Hits) = (0, 0, 0, 0);
    }
}
