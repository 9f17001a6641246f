namespace Fovea.Recipes.Ablations;

/// <summary>What the finished runs of a row have come to.</summary>
/// <param name="Row">The row.</param>
/// <param name="Outcomes">Its finished runs.</param>
public sealed record AblationSummary(AblationRow Row, IReadOnlyList<AblationOutcome> Outcomes)
{
    /// <summary>The mean share of images recognised, 0–1; null where no run is finished and evaluated.</summary>
    public double? Mean(AblationScore score) => MeanOf(Shares(score));

    /// <summary>The sample standard deviation, over n − 1, of the shares; null with fewer than two.</summary>
    public double? Deviation(AblationScore score) => DeviationOf(Shares(score));

    /// <summary>The mean of the mean accuracies over the classes, 0–1; null where none is known.</summary>
    public double? MacroMean(AblationScore score) => MeanOf(Macros(score));

    /// <summary>Their sample standard deviation, over n − 1; null with fewer than two.</summary>
    public double? MacroDeviation(AblationScore score) => DeviationOf(Macros(score));

    /// <summary>The mean time of a run in seconds; null where none is finished.</summary>
    public double? Seconds => Outcomes.Count > 0 ? Outcomes.Average(outcome => outcome.Seconds) : null;

    /// <summary>The numbers that are trained; null where no run is finished.</summary>
    public long? Parameters => Outcomes.Count > 0 ? Outcomes[0].Parameters : null;

    private static double? MeanOf(double[] shares) => shares.Length > 0 ? shares.Average() : null;

    private static double? DeviationOf(double[] shares)
    {
        if (shares.Length < 2) return null;
        var mean = shares.Average();
        return Math.Sqrt(shares.Sum(share => (share - mean) * (share - mean)) / (shares.Length - 1));
    }

    private double[] Macros(AblationScore score) => [.. Outcomes.Select(outcome => outcome.Macro(score)).OfType<double>()];

    private double[] Shares(AblationScore score) => [.. Outcomes.Select(outcome => outcome.Top1(score)).OfType<double>()];
}
