using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Initializers;

/// <summary>Normal around 0; what lies farther out than some deviations is drawn again. timm: <c>trunc_normal_tf_</c>.</summary>
public sealed record TruncatedNormalOptions : WeightInitOptions
{
    private const ulong NextDraw = 1UL << 40;

    /// <inheritdoc/>
    public override string Kind => "truncated_normal";

    /// <summary>The deviation before the cut; above 0, at most 1000. Default 0.02.</summary>
    public double Deviation { get; init; } = 0.02;

    /// <summary>The cut, in deviations; 0.1–100. Default 2. PyTorch's <c>trunc_normal_</c> cuts at ±2, which is far out for small deviations.</summary>
    public double Cut { get; init; } = 2;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Deviation, 1000);
        checks.Within(Cut, 0.1, 100);
    }

    /// <inheritdoc/>
    protected override void Fill(InitWeight weight, Philox draws, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var x = draws.Normal((ulong)i);
            for (var again = (ulong)i + NextDraw; Math.Abs(x) > Cut; again += NextDraw) x = draws.Normal(again);
            values[i] = (float)(Deviation * x);
        }
    }
}
