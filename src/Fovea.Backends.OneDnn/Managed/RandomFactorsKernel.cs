using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Draws a factor for each image: reads the step, writes float32 numbers.</summary>
internal sealed class RandomFactorsKernel(RandomFactors op) : Kernel
{
    internal override string Name => "fovea:random_factors";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var step = Elements.Ints(at[0], 1)[0];
        var factors = Elements.Floats(at[1], op.Shape.N);
        for (var n = 0; n < factors.Length; n++) factors[n] = (float)op.Factor(step, n);
    }
}
