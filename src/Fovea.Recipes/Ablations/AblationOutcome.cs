namespace Fovea.Recipes.Ablations;

/// <summary>What has become of a run.</summary>
public sealed record AblationOutcome
{
    /// <summary>Why it failed; null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>The epochs that it has trained.</summary>
    public int Epochs { get; init; }

    /// <summary>The share of validation images recognised after the last epoch, 0–1; null where nothing was evaluated.</summary>
    public double? LastTop1 { get; init; }

    /// <summary>The best of all evaluations, likewise.</summary>
    public double? BestTop1 { get; init; }

    /// <summary>The epoch, from 1, after which that was; 0 where nothing was evaluated.</summary>
    public int BestEpoch { get; init; }

    /// <summary>The mean accuracy over the classes after the last epoch, 0–1; null where nothing was evaluated, or it is not known any more.</summary>
    public double? LastMacro { get; init; }

    /// <summary>The same after the epoch whose top-1 was best.</summary>
    public double? BestMacro { get; init; }

    /// <summary>The time of the run, evaluations included, in seconds, over all resumptions.</summary>
    public double Seconds { get; init; }

    /// <summary>The numbers that are trained.</summary>
    public long Parameters { get; init; }

    /// <summary>The share that counts.</summary>
    public double? Top1(AblationScore score) => score == AblationScore.Best ? BestTop1 : LastTop1;

    /// <summary>The mean accuracy over the classes that goes with it.</summary>
    public double? Macro(AblationScore score) => score == AblationScore.Best ? BestMacro : LastMacro;
}
