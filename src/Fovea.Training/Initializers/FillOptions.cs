using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Initializers;

/// <summary>One number everywhere, in the parameters that <c>only</c> names. PyTorch: <c>constant_</c>.</summary>
public sealed record FillOptions : WeightInitOptions
{
    /// <inheritdoc/>
    public override string Kind => "fill";

    /// <summary>The number; −1000 to 1000. Default 0.</summary>
    public double Number { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(Number, -1000, 1000);
        if (Only.Count == 0) checks.Fail(nameof(Only), "[]", "names of parameters: layers whose weights are all the same learn the same");
    }

    /// <inheritdoc/>
    protected override void Fill(InitWeight weight, Philox draws, Span<float> values) => values.Fill((float)Number);
}
