using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Copies float32 to bfloat16 or back in the order of memory: between two tensors of one layout, padding included.</summary>
/// <param name="elements">How many.</param>
/// <param name="from">The type that is read; the other is written.</param>
internal sealed unsafe class CastKernel(long elements, DType from) : Kernel
{
    private const int Lanes = ChannelColumns.Lanes;

    internal override string Name => "fovea:cast";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var work = new Work { From = at[0], To = at[1], Elements = elements, Widens = from == DType.BFloat16 };
        GompTeam.Run(Chunks.Parts(elements), &Part, (nint)(&work));
    }

    /// <summary>Parts begin at whole vectors.</summary>
    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var vectors = (work.Elements + Lanes - 1) / Lanes;
        var (start, end) = (vectors * part / parts * Lanes, Math.Min(work.Elements, vectors * (part + 1) / parts * Lanes));
        if (work.Widens) Numbers.Copy<BFloat16Numbers, Float32Numbers>(work.From, start, work.To, start, end - start);
        else Numbers.Copy<Float32Numbers, BFloat16Numbers>(work.From, start, work.To, start, end - start);
    }

    private struct Work
    {
        internal nint From;
        internal nint To;
        internal long Elements;
        internal bool Widens;
    }
}
