using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Training.Optimizers;

/// <summary>Ratios of the norm of a weight to that of its step, f32 []: what LARS, LARC and LAMB scale steps by.</summary>
internal static class TrustRatio
{
    /// <summary>1 where both norms are above 0, otherwise 0.</summary>
    internal static Value Defined(ParameterUpdate update, Value weightNorm, Value stepNorm)
    {
        var zero = update.Constant(0);
        return IsNone(weightNorm).Times(IsNone(stepNorm));

        Value IsNone(Value norm) => zero.AtLeast(norm).Affine(-1, 1);
    }

    /// <summary>A ratio where it is defined, otherwise 1.</summary>
    internal static Value OrOne(Value ratio, Value isDefined) => ratio.Times(isDefined).Plus(isDefined.Affine(-1, 1));

    /// <summary>trust·|w|/(|g| + λ·|w| + ε).</summary>
    internal static Value OfGradient(Value weightNorm, Value gradientNorm, double trust, double decay, double epsilon) =>
        weightNorm.Times(trust).Over(gradientNorm.Blend(weightNorm, 1, decay).Plus(epsilon));

    /// <summary>At most what makes the whole rate 1 times the ratio: min(ratio/η, 1).</summary>
    internal static Value Clipped(ParameterUpdate update, Value ratio) => ratio.Over(update.Rate).Minimum(update.Constant(1));
}
