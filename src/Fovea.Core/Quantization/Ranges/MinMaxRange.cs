namespace Fovea.Quantization.Ranges;

/// <summary>All numbers that were seen.</summary>
public sealed record MinMaxRange : RangeRule
{
    /// <inheritdoc/>
    public override (double Low, double High) Of(ValueHistogram numbers, int levels) => All(numbers);
}
