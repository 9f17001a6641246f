using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>
/// Rounds float32 to what bfloat16 holds, in the order of memory, padding included: reads x; writes y in float32, which may take the place of x, and
/// where a second result is given, the same in bfloat16.
/// </summary>
/// <param name="elements">How many.</param>
internal sealed unsafe class RoundKernel(long elements) : Kernel
{
    private const int Lanes = ChannelColumns.Lanes;

    internal override string Name => "fovea:round";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var (x, y) = (new MixedOperand(at.Length > 2 ? at[2] : 0, at[0]), at[1]);
        var work = new Work { X = (nint)(&x), Y = y, Elements = elements };
        GompTeam.Run(Chunks.Parts(elements), &Part, (nint)(&work));
    }

    /// <summary>Parts begin at whole vectors.</summary>
    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var vectors = (work.Elements + Lanes - 1) / Lanes;
        var (start, end) = (vectors * part / parts * Lanes, Math.Min(work.Elements, vectors * (part + 1) / parts * Lanes));
        Numbers.Copy<MixedNumbers, Float32Numbers>(work.X, start, work.Y, start, end - start);
    }

    private struct Work
    {
        internal nint X;
        internal nint Y;
        internal long Elements;
    }
}
