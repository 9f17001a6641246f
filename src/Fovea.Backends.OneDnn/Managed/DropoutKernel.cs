using Fovea.Backends.OneDnn.Planning;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Dropout over a plain tensor: reads x and the step.</summary>
internal sealed class DropoutKernel(RandomDropout op, TensorType type) : Kernel
{
    internal override string Name => "fovea:dropout";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var draws = new Philox(op.Seed, Philox.Stream(op.Stream, (ulong)Elements.Ints(at[1], 1)[0]));
        var scale = 1 / (1 - op.Rate);
        for (var i = 0L; i < type.Shape.Elements; i++)
            Elements.Store(at[2], type.DType, i, draws.Uniform((ulong)i) >= op.Rate ? Elements.Load(at[0], type.DType, i) * scale : 0);
    }
}
