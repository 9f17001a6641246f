using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Initializers;

/// <summary>Normal with one deviation for all. PyTorch: <c>normal_</c>.</summary>
public sealed record NormalOptions : WeightInitOptions
{
    /// <inheritdoc/>
    public override string Kind => "normal";

    /// <summary>The deviation; above 0, at most 1000. Default 0.01.</summary>
    public double Deviation { get; init; } = 0.01;

    /// <summary>The mean; −1000 to 1000. Default 0.</summary>
    public double Mean { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Deviation, 1000);
        checks.Within(Mean, -1000, 1000);
    }

    /// <inheritdoc/>
    protected override void Fill(InitWeight weight, Philox draws, Span<float> values) => Normal(draws, Mean, Deviation, values);
}
