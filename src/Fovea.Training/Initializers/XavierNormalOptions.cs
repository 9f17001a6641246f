using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Initializers;

/// <summary>
/// Glorot and Bengio 2010: normal with the deviation gain·√(2 / (fan_in + fan_out)). PyTorch: <c>xavier_normal_</c>; Keras: GlorotNormal, but not cut.
/// </summary>
public sealed record XavierNormalOptions : WeightInitOptions
{
    /// <inheritdoc/>
    public override string Kind => "xavier_normal";

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
        Normal(draws, 0, Gain * Math.Sqrt(2.0 / (weight.FanIn + weight.FanOut)), values);
}
