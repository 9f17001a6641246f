using System.Numerics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>AdamW over one parameter: reads w, g, m, v, rate, step, scale; writes w, m, v. All vectors share a layout.</summary>
internal sealed unsafe class AdamWKernel(AdamWStep op, long elements) : Kernel
{
    internal override string Name => "fovea:adamw";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var (rate, step) = (*(float*)at[4], *(int*)at[5]);
        var work = new Work
        {
            W = (float*)at[0],
            G = (float*)at[1],
            M = (float*)at[2],
            V = (float*)at[3],
            NextW = (float*)at[7],
            NextM = (float*)at[8],
            NextV = (float*)at[9],
            Scale = *(float*)at[6],
            Beta1 = (float)op.Beta1,
            Beta2 = (float)op.Beta2,
            Keep = (float)(1 - (rate * op.WeightDecay)),
            Rate = (float)(rate / (1 - Math.Pow(op.Beta1, step))),
            RootCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(op.Beta2, step))),
            Epsilon = (float)op.Epsilon,
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
            var g = Vector.Load(work.G + i) * work.Scale;
            var m = (Vector.Load(work.M + i) * work.Beta1) + (g * (1 - work.Beta1));
            var v = (Vector.Load(work.V + i) * work.Beta2) + (g * g * (1 - work.Beta2));
            m.Store(work.NextM + i);
            v.Store(work.NextV + i);
            var root = (Vector.SquareRoot(v) * work.RootCorrection) + new Vector<float>(work.Epsilon);
            ((Vector.Load(work.W + i) * work.Keep) - (m * work.Rate / root)).Store(work.NextW + i);
        }

        for (; i < end; i++) One(ref work, i);
    }

    private static void One(ref Work work, long i)
    {
        var g = work.G[i] * work.Scale;
        var m = (work.M[i] * work.Beta1) + (g * (1 - work.Beta1));
        var v = (work.V[i] * work.Beta2) + (g * g * (1 - work.Beta2));
        (work.NextM[i], work.NextV[i]) = (m, v);
        work.NextW[i] = (work.W[i] * work.Keep) - (m * work.Rate / ((MathF.Sqrt(v) * work.RootCorrection) + work.Epsilon));
    }

    private struct Work
    {
        internal float* W;
        internal float* G;
        internal float* M;
        internal float* V;
        internal float* NextW;
        internal float* NextM;
        internal float* NextV;
        internal float Scale;
        internal float Beta1;
        internal float Beta2;
        internal float Keep;
        internal float Rate;
        internal float RootCorrection;
        internal float Epsilon;
        internal long Elements;
    }
}
