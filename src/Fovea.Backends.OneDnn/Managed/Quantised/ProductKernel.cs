using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed.Quantised;

/// <summary>Reads two float32 vectors, writes their products: for what is short and rare.</summary>
/// <param name="elements">How many.</param>
internal sealed class ProductKernel(int elements) : Kernel
{
    internal override string Name => "fovea:product";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var (a, b, y) = (at[0], at[1], at[2]);
        for (var i = 0; i < elements; i++) Elements.Floats(y, elements)[i] = Elements.Floats(a, elements)[i] * Elements.Floats(b, elements)[i];
    }
}
