namespace Fovea.Training.RateFinding;

/// <summary>What one rule makes of a curve.</summary>
/// <param name="Kind">The rule.</param>
/// <param name="Rate">The learning rate that it finds.</param>
/// <param name="Fall">How much the smoothed loss falls where the rule looks, in nats.</param>
/// <param name="Noise">How much it would seem to fall by chance alone: four standard deviations, in nats.</param>
/// <param name="IsTried">Whether the rate lies between the lowest and the highest that were tried.</param>
public sealed record RateRule(RateRuleKind Kind, double Rate, double Fall, double Noise, bool IsTried)
{
    /// <summary>Whether the rate says something: it was tried, and the fall is more than chance.</summary>
    public bool Counts => IsTried && Fall > Noise;
}
