using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;

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
        var (n, block, last) = (work.Lines.Padded, LayerNormMath.Together(work.Lines), work.Lines.LastMask());
        var x = stackalloc float[block * n];
        var statistics = stackalloc float[2 * block];
        var starts = stackalloc long[block];
        var (first, end) = (work.Lines.Count * part / parts, work.Lines.Count * (part + 1) / parts);
        var cursor = work.Lines.From(first);
        for (var line = first; line < end; line += block)
        {
            var lines = (int)Math.Min(block, end - line);
            for (var i = 0; i < lines; i++, cursor.Next()) work.Lines.Load<T>(work.X, starts[i] = cursor.At, x + (i * n));
            LayerNormMath.Statistics(x, lines, n, work.Lines.Length, last, work.Epsilon, statistics, statistics + block);
            for (var i = 0; i < lines; i++)
            {
                Normalise(x + (i * n), n, statistics[i], statistics[block + i], work.Gamma, work.Beta);
                work.Lines.Store<T>(work.Y, starts[i], x + (i * n));
            }
        }
    }

    private static void Normalise(float* x, int n, float mean, float scale, float* gamma, float* beta)
    {
        var (m, s) = (Vector512.Create(mean), Vector512.Create(scale));
        for (var i = 0; i < n; i += 16)
            Vector512.FusedMultiplyAdd((Vector512.Load(x + i) - m) * s, Vector512.Load(gamma + i), Vector512.Load(beta + i)).Store(x + i);
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
    private const int BlockElements = 4096;
    private const int MostLines = 16;

    /// <summary>Copies a vector and fills it up with zeros.</summary>
    internal static void Pad(float* from, int length, float* to, int padded)
    {
        new ReadOnlySpan<float>(from, length).CopyTo(new Span<float>(to, length));
        new Span<float>(to + length, padded - length).Clear();
    }

    /// <summary>How many lines are taken together: the chains of single lines run side by side then, and the lines stay in the first-level cache.</summary>
    internal static int Together(in LineGrid lines) => Math.Clamp(BlockElements / lines.Padded, 1, MostLines);

    /// <summary>The means and 1/√(variance + ε) of lines that are filled up with zeros and lie one behind the other.</summary>
    internal static void Statistics(float* x, int lines, int padded, int length, Vector512<float> last, double epsilon, float* mean, float* scale)
    {
        for (var line = 0; line < lines; line++)
        {
            var from = x + (line * padded);
            var sum = Vector512<float>.Zero;
            for (var i = 0; i < padded; i += 16) sum += Vector512.Load(from + i);
            mean[line] = Vector512.Sum(sum) / length;
        }

        for (var line = 0; line < lines; line++)
        {
            var from = x + (line * padded);
            var (m, squares) = (Vector512.Create(mean[line]), Vector512<float>.Zero);
            for (var i = 0; i < padded - 16; i += 16)
            {
                var d = Vector512.Load(from + i) - m;
                squares = Vector512.FusedMultiplyAdd(d, d, squares);
            }

            var end = (Vector512.Load(from + padded - 16) - m) * last;
            squares = Vector512.FusedMultiplyAdd(end, end, squares);
            scale[line] = (float)(1 / Math.Sqrt((Vector512.Sum(squares) / length) + epsilon));
        }
    }
}
