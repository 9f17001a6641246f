using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;

namespace Fovea.Backends.OneDnn.Managed.Lines;

/// <summary>Layer normalisation of every line: reads x, γ, β; writes y.</summary>
internal sealed unsafe class LayerNormKernel<T>(LineGrid lines, double epsilon) : Kernel
    where T : INumbers
{
    private readonly float* _room = (float*)NativeMemory.AlignedAlloc((nuint)(2 * lines.Padded * sizeof(float)), 64);

    internal override string Name => "fovea:layer_norm";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        LayerNormMath.Pad((float*)at[1], lines.Length, _room, lines.Padded);
        LayerNormMath.Pad((float*)at[2], lines.Length, _room + lines.Padded, lines.Padded);
        var work = new Work { Lines = lines, Epsilon = epsilon, X = at[0], Gamma = _room, Beta = _room + lines.Padded, Y = at[3] };
        GompTeam.Run((int)Math.Min(lines.Count, Chunks.Parts(lines.Count * lines.Length)), &Part, (nint)(&work));
    }

    internal override void Release() => NativeMemory.AlignedFree(_room);

    [SkipLocalsInit]
    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var (n, last) = (work.Lines.Padded, work.Lines.LastMask());
        var x = stackalloc float[n];
        var (first, end) = (work.Lines.Count * part / parts, work.Lines.Count * (part + 1) / parts);
        var cursor = work.Lines.From(first);
        for (var line = first; line < end; line++, cursor.Next())
        {
            work.Lines.Load<T>(work.X, cursor.At, x);
            var (mean, scale) = LayerNormMath.Statistics(x, n, work.Lines.Length, last, work.Epsilon);
            var (m, s) = (Vector512.Create(mean), Vector512.Create(scale));
            for (var i = 0; i < n; i += 16)
                Vector512.FusedMultiplyAdd((Vector512.Load(x + i) - m) * s, Vector512.Load(work.Gamma + i), Vector512.Load(work.Beta + i)).Store(x + i);
            work.Lines.Store<T>(work.Y, cursor.At, x);
        }
    }

    private struct Work
    {
        internal LineGrid Lines;
        internal double Epsilon;
        internal nint X;
        internal float* Gamma;
        internal float* Beta;
        internal nint Y;
    }
}

/// <summary>What layer normalisation and its gradient share.</summary>
internal static unsafe class LayerNormMath
{
    /// <summary>Copies a vector and fills it up with zeros.</summary>
    internal static void Pad(float* from, int length, float* to, int padded)
    {
        new ReadOnlySpan<float>(from, length).CopyTo(new Span<float>(to, length));
        new Span<float>(to + length, padded - length).Clear();
    }

    /// <summary>The mean and 1/√(variance + ε) of a line that is filled up with zeros.</summary>
    internal static (float Mean, float Scale) Statistics(float* x, int padded, int length, Vector512<float> last, double epsilon)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < padded; i += 16) sum += Vector512.Load(x + i);
        var mean = Vector512.Sum(sum) / length;
        var m = Vector512.Create(mean);
        var squares = Vector512<float>.Zero;
        for (var i = 0; i < padded - 16; i += 16)
        {
            var d = Vector512.Load(x + i) - m;
            squares = Vector512.FusedMultiplyAdd(d, d, squares);
        }

        var end = (Vector512.Load(x + padded - 16) - m) * last;
        squares = Vector512.FusedMultiplyAdd(end, end, squares);
        return (mean, (float)(1 / Math.Sqrt((Vector512.Sum(squares) / length) + epsilon)));
    }
}
