using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Dropout over a plain tensor: reads x and the step. Four neighbours share a block of the generator.</summary>
internal sealed unsafe class DropoutKernel(RandomDropout op, TensorType type) : Kernel
{
    internal override string Name => "fovea:dropout";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var work = new Work
        {
            Draws = new Philox(op.Seed, Philox.Stream(op.Stream, (ulong)Elements.Ints(at[1], 1)[0])),
            Least = (uint)Math.Ceiling(op.Rate * (1 << 24)),
            Scale = 1 / (1 - op.Rate),
            Type = type.DType,
            Elements = type.Shape.Elements,
            X = at[0],
            Y = at[2],
        };
        GompTeam.Run(Chunks.Parts(work.Elements), &Part, (nint)(&work));
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var (i, end) = Chunks.Of(part, parts, work.Elements);
        for (; i < end; i += 4)
        {
            var (a, b, c, d) = work.Draws.Block((ulong)i >> 2);
            One(in work, i, a);
            if (i + 1 < end) One(in work, i + 1, b);
            if (i + 2 < end) One(in work, i + 2, c);
            if (i + 3 < end) One(in work, i + 3, d);
        }
    }

    private static void One(in Work work, long i, uint bits) =>
        Managed.Elements.Store(work.Y, work.Type, i, bits >> 8 >= work.Least ? Managed.Elements.Load(work.X, work.Type, i) * work.Scale : 0);

    private struct Work
    {
        internal Philox Draws;
        internal uint Least;
        internal double Scale;
        internal DType Type;
        internal long Elements;
        internal nint X;
        internal nint Y;
    }
}
