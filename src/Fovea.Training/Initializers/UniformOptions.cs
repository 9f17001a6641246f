using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Initializers;

/// <summary>Uniform within one bound for all. PyTorch: <c>uniform_</c>.</summary>
public sealed record UniformOptions : WeightInitOptions
{
    /// <inheritdoc/>
    public override string Kind => "uniform";

    /// <summary>The largest size of a number; above 0, at most 1000. Default 0.05.</summary>
    public double Bound { get; init; } = 0.05;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Bound, 1000);
    }

    /// <inheritdoc/>
    protected override void Fill(InitWeight weight, Philox draws, Span<float> values) => Uniform(draws, Bound, values);
}
