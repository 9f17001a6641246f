using System.Numerics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Stochastic gradient descent over one parameter: reads w, g[, v], rate, scale; writes w[, v]. All vectors share a layout.</summary>
internal sealed unsafe class SgdKernel(SgdStep op, bool hasMomentum, long elements) : Kernel
{
    internal override string Name => "fovea:sgd";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var scalars = hasMomentum ? 3 : 2;
        var work = new Work
        {
            W = (float*)at[0],
            G = (float*)at[1],
            V = hasMomentum ? (float*)at[2] : null,
            NextW = (float*)at[scalars + 2],
            NextV = hasMomentum ? (float*)at[scalars + 3] : null,
            Rate = *(float*)at[scalars],
            Scale = *(float*)at[scalars + 1],
            Momentum = (float)op.Momentum,
            Decay = (float)op.WeightDecay,
            Fresh = (float)(1 - op.Dampening),
            Nesterov = op.Nesterov,
            Elements = elements,
        };
        GompTeam.Run(Chunks.Parts(elements), &Part, (nint)(&work));
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var (i, end) = Chunks.Of(part, parts, work.Elements);
        for (; i + Vector<float>.Count <= end; i += Vector<float>.Count)
        {
            var w = Vector.Load(work.W + i);
            var step = Vector.FusedMultiplyAdd(new Vector<float>(work.Decay), w, Vector.Load(work.G + i) * work.Scale);
            if (work.V != null)
            {
                var v = Vector.FusedMultiplyAdd(new Vector<float>(work.Momentum), Vector.Load(work.V + i), step * work.Fresh);
                v.Store(work.NextV + i);
                step = work.Nesterov ? Vector.FusedMultiplyAdd(new Vector<float>(work.Momentum), v, step) : v;
            }

            (w - (step * work.Rate)).Store(work.NextW + i);
        }

        for (; i < end; i++) One(ref work, i);
    }

    private static void One(ref Work work, long i)
    {
        var step = MathF.FusedMultiplyAdd(work.Decay, work.W[i], work.G[i] * work.Scale);
        if (work.V != null)
        {
            var v = MathF.FusedMultiplyAdd(work.Momentum, work.V[i], step * work.Fresh);
            work.NextV[i] = v;
            step = work.Nesterov ? MathF.FusedMultiplyAdd(work.Momentum, v, step) : v;
        }

        work.NextW[i] = work.W[i] - (step * work.Rate);
    }

    private struct Work
    {
        internal float* W;
        internal float* G;
        internal float* V;
        internal float* NextW;
        internal float* NextV;
        internal float Rate;
        internal float Scale;
        internal float Momentum;
        internal float Decay;
        internal float Fresh;
        internal bool Nesterov;
        internal long Elements;
    }
}
