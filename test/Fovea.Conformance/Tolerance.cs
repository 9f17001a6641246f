using Fovea.Tensors;

namespace Fovea.Conformance;

/// <summary>How far a backend may be from the oracle: |Δ| ≤ tolerance · (|wanted| + root mean square of all wanted).</summary>
/// <param name="Float32">The tolerance in float32.</param>
/// <param name="BFloat16">The tolerance in bfloat16.</param>
/// <param name="Reason">Why as much is needed.</param>
public sealed record Tolerance(double Float32, double BFloat16, string Reason)
{
    /// <summary>For operations that only move elements.</summary>
    public static Tolerance Exact { get; } = new(0, 0, "elements are only moved");

    /// <summary>For a few roundings per element.</summary>
    public static Tolerance Rounding { get; } = new(1e-6, 8e-3, "a few roundings of 2^-24 in float32; two of 2^-9 in bfloat16");

    /// <summary>For functions that backends approximate.</summary>
    public static Tolerance Function { get; } = new(
        1e-5, 1.6e-2, "vectorised polynomials are right to a few units of 2^-22; in bfloat16 argument and result are rounded");

    /// <summary>For sums of products.</summary>
    public static Tolerance Sums { get; } = new(
        2e-5, 1.6e-2, "float32 sums of up to some hundred products, also by Winograd's transform; in bfloat16 the result is rounded to 2^-9");

    /// <summary>The tolerance for values of that type.</summary>
    public double For(DType precision) => precision == DType.BFloat16 ? BFloat16 : Float32;
}
