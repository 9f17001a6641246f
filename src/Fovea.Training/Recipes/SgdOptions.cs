using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>Stochastic gradient descent with momentum, by PyTorch's rule: g += λ·w; v = μ·v + g; w −= η·v, or η·(g + μ·v) after Nesterov.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <inheritdoc/>
    public override string Kind => "sgd";

    /// <summary>μ; at least 0 and below 1. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the gradient is taken as if after the momentum's step; default false.</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Momentum, 0, 1);
        if (Nesterov && Momentum == 0) checks.Fail(nameof(Nesterov), "true with momentum 0", "a momentum above 0, or nesterov: false");
    }
}
