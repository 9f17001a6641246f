namespace Fovea.Recipes.Ablations;

/// <summary>What the finished runs of a row have come to.</summary>
/// <param name="Row">The row.</param>
/// <param name="Outcomes">Its finished runs.</param>
public sealed record AblationSummary(AblationRow Row, IReadOnlyList<AblationOutcome> Outcomes)
{
    /// <summary>The mean share of images recognised, 0–1; null where no run is finished and evaluated.</summary>
    public double? Mean(AblationScore score) => Shares(score) is [_, ..] shares ? shares.Average() : null;

    /// <summary>The sample standard deviation, over n − 1, of the shares; null with fewer than two.</summary>
    public double? Deviation(AblationScore score)
    {
        if (Shares(score) is not [_, _, ..] shares) return null;
        var mean = shares.Average();
        return Math.Sqrt(shares.Sum(share => (share - mean) * (share - mean)) / (shares.Length - 1));
    }

    /// <summary>The mean time of a run in seconds; null where none is finished.</summary>
    public double? Seconds => Outcomes.Count > 0 ? Outcomes.Average(outcome => outcome.Seconds) : null;

    /// <summary>The numbers that are trained; null where no run is finished.</summary>
    public long? Parameters => Outcomes.Count > 0 ? Outcomes[0].Parameters : null;

    private double[] Shares(AblationScore score) => [.. Outcomes.Select(outcome => outcome.Top1(score)).OfType<double>()];
}
