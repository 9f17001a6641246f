using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>A pointwise function that no primitive computes, element by element: for single numbers and short vectors.</summary>
internal sealed class ScalarFunction(Pointwise function, MemoryDesc desc) : Kernel
{
    internal override string Name => "fovea:scalar";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        for (var i = 0L; i < desc.PaddedElements; i++) Elements.Store(at[1], desc.DType, i, function.Function(Elements.Load(at[0], desc.DType, i)));
    }
}

/// <summary>The gradient of a pointwise function that no primitive computes.</summary>
internal sealed class ScalarDerivative(Pointwise function, MemoryDesc desc) : Kernel
{
    internal override string Name => "fovea:scalar";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        for (var i = 0L; i < desc.PaddedElements; i++)
            Elements.Store(at[2], desc.DType, i, Elements.Load(at[1], desc.DType, i) * function.Derivative(Elements.Load(at[0], desc.DType, i)));
    }
}
