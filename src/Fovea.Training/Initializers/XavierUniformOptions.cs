using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Initializers;

/// <summary>
/// Glorot and Bengio 2010: uniform within ±gain·√(6 / (fan_in + fan_out)). PyTorch: <c>xavier_uniform_</c>; Keras: GlorotUniform.
/// </summary>
public sealed record XavierUniformOptions : WeightInitOptions
{
    /// <inheritdoc/>
    public override string Kind => "xavier_uniform";

    /// <summary>The gain; above 0, at most 1000. Default 1.</summary>
    public double Gain { get; init; } = 1;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Gain, 1000);
    }

    /// <inheritdoc/>
    protected override void Fill(InitWeight weight, Philox draws, Span<float> values) =>
        Uniform(draws, Gain * Math.Sqrt(6.0 / (weight.FanIn + weight.FanOut)), values);
}
