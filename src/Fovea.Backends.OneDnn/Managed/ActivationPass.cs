using System.Diagnostics;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>The second pass of a norm that a function follows, y = f(first·(x − third) + second): compiled for the function, two constants given.</summary>
internal sealed unsafe class ActivationPass<T>
    where T : INumbers
{
    private ActivationPass(delegate*<int, int, nint, void> run, double p, double q)
    {
        Run = run;
        (P, Q) = ((float)p, (float)q);
    }

    /// <summary>Runs a part over a <see cref="NormWork"/>.</summary>
    internal delegate*<int, int, nint, void> Run { get; }

    internal float P { get; }

    internal float Q { get; }

    internal static ActivationPass<T> Of(Pointwise function) =>
        VectorFunctions.Visit(function, default(Use)) ?? throw new UnreachableException($"no function computes {function.Name}");

    /// <summary>Backwards, through what the first pass has left in the caches.</summary>
    private static void Activate<TFunction>(int part, int parts, nint address)
        where TFunction : struct, IVectorFunction
    {
        var work = (NormWork*)address;
        var (x, y, p, q) = ((nint)work->X[0], work->Y, Vector512.Create(work->P), Vector512.Create(work->Q));
        for (var c = (int)((long)work->Count * (part + 1) / parts) - 1; c >= (int)((long)work->Count * part / parts); c--)
        {
            ref var column = ref work->Columns[c];
            var lane = work->Lane(0, column.Group);
            var (scale, offset, mean) = (Vector512.Load(work->First + lane), Vector512.Load(work->Second + lane), Vector512.Load(work->Third + lane));
            var (at, step, rows, lanes) = (column.Start, column.Step, column.Rows, column.Lanes);
            for (var r = 0; r < rows; r++, at += step)
            {
                var z = Vector512.FusedMultiplyAdd(scale, NormRow.Load<T>(x, at, lanes) - mean, offset);
                NormRow.Store<T>(y, at, lanes, TFunction.Of(z, z, p, q));
            }
        }
    }

    private readonly struct Use : IFunctionUse<ActivationPass<T>>
    {
        public ActivationPass<T> With<TFunction>(double p, double q)
            where TFunction : struct, IVectorFunction => new(&Activate<TFunction>, p, q);
    }
}
