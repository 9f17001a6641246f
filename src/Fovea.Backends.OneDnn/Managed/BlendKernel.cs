using System.Numerics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>α·a + β·b over vectors of one layout; with a decay as third read, decay·a + (1 − decay)·b.</summary>
internal sealed unsafe class BlendKernel(double alpha, double beta, bool readsDecay, long elements) : Kernel
{
    internal override string Name => "fovea:blend";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var decay = readsDecay ? *(float*)at[2] : 0;
        var work = new Work
        {
            A = (float*)at[0],
            B = (float*)at[1],
            Y = (float*)at[^1],
            Alpha = readsDecay ? decay : (float)alpha,
            Beta = readsDecay ? 1 - decay : (float)beta,
            Elements = elements,
        };
        GompTeam.Run(Chunks.Parts(elements), &Part, (nint)(&work));
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var (i, end) = Chunks.Of(part, parts, work.Elements);
        for (; i + Vector<float>.Count <= end; i += Vector<float>.Count)
            Vector.FusedMultiplyAdd(new Vector<float>(work.Alpha), Vector.Load(work.A + i), Vector.Load(work.B + i) * work.Beta).Store(work.Y + i);
        for (; i < end; i++) work.Y[i] = MathF.FusedMultiplyAdd(work.Alpha, work.A[i], work.B[i] * work.Beta);
    }

    private struct Work
    {
        internal float* A;
        internal float* B;
        internal float* Y;
        internal float Alpha;
        internal float Beta;
        internal long Elements;
    }
}
