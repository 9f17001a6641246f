using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;

namespace Fovea.Backends.OneDnn.Managed.Lines;

/// <summary>Softmax of every line, or its gradient: reads x and writes y, or reads y and dy and writes dx = y·(dy − Σ y·dy).</summary>
internal sealed unsafe class SoftmaxKernel<T>(LineGrid lines, bool isGradient) : Kernel
    where T : INumbers
{
    internal override string Name => "fovea:softmax";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var work = new Work { Lines = lines, X = at[0], Dy = at[^2], Y = at[^1] };
        var parts = (int)Math.Min(lines.Count, Chunks.Parts(lines.Count * lines.Length));
        if (isGradient) GompTeam.Run(parts, &Gradients, (nint)(&work));
        else GompTeam.Run(parts, &Functions, (nint)(&work));
    }

    [SkipLocalsInit]
    private static void Functions(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var (n, last) = (work.Lines.Padded, work.Lines.LastMask());
        var x = stackalloc float[n];
        var (first, end) = (work.Lines.Count * part / parts, work.Lines.Count * (part + 1) / parts);
        var cursor = work.Lines.From(first);
        for (var line = first; line < end; line++, cursor.Next())
        {
            work.Lines.Load<T>(work.X, cursor.At, x);
            var (shift, sum) = (Vector512.Create(VectorMath.Most(new ReadOnlySpan<float>(x, work.Lines.Length))), Vector512<float>.Zero);
            for (var i = 0; i < n; i += 16)
            {
                var e = VectorMath.Exp(Vector512.Load(x + i) - shift);
                if (i == n - 16) e *= last;
                e.Store(x + i);
                sum += e;
            }

            var scale = Vector512.Create(1 / Vector512.Sum(sum));
            for (var i = 0; i < n; i += 16) (Vector512.Load(x + i) * scale).Store(x + i);
            work.Lines.Store<T>(work.Y, cursor.At, x);
        }
    }

    [SkipLocalsInit]
    private static void Gradients(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var n = work.Lines.Padded;
        var y = stackalloc float[2 * n];
        var dy = y + n;
        var (first, end) = (work.Lines.Count * part / parts, work.Lines.Count * (part + 1) / parts);
        var cursor = work.Lines.From(first);
        for (var line = first; line < end; line++, cursor.Next())
        {
            work.Lines.Load<T>(work.X, cursor.At, y);
            work.Lines.Load<T>(work.Dy, cursor.At, dy);
            var sum = Vector512<float>.Zero;
            for (var i = 0; i < n; i += 16) sum = Vector512.FusedMultiplyAdd(Vector512.Load(y + i), Vector512.Load(dy + i), sum);
            var mean = Vector512.Create(Vector512.Sum(sum));
            for (var i = 0; i < n; i += 16) (Vector512.Load(y + i) * (Vector512.Load(dy + i) - mean)).Store(dy + i);
            work.Lines.Store<T>(work.Y, cursor.At, dy);
        }
    }

    private struct Work
    {
        internal LineGrid Lines;
        internal nint X;
        internal nint Dy;
        internal nint Y;
    }
}
