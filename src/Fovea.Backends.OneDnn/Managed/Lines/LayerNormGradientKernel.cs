using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed.Lines;

/// <summary>The gradient of layer normalisation: reads x, γ, dy; writes dx, dγ, dβ. dx may take the place of x or dy.</summary>
/// <remarks>
/// With x̂ the normalised line: dx = (γ·dy − mean(γ·dy) − x̂·mean(γ·dy·x̂))/√(σ² + ε), dγ = Σ dy·x̂, dβ = Σ dy. The sums are taken per chunk of
/// lines in float32 and joined in double.
/// </remarks>
internal sealed unsafe class LayerNormGradientKernel<T> : Kernel
    where T : INumbers
{
    private const int ChunkLines = 128;

    private readonly LineGrid _lines;
    private readonly double _epsilon;
    private readonly int _chunks;
    private readonly float* _gamma;
    private readonly float* _sums;

    internal LayerNormGradientKernel(LineGrid lines, double epsilon)
    {
        (_lines, _epsilon, _chunks) = (lines, epsilon, (int)((lines.Count + ChunkLines - 1) / ChunkLines));
        _gamma = (float*)NativeMemory.AlignedAlloc((nuint)(lines.Padded * sizeof(float)), 64);
        _sums = (float*)NativeMemory.AlignedAlloc((nuint)(2L * _chunks * lines.Padded * sizeof(float)), 64);
    }

    internal override string Name => "fovea:layer_norm";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        LayerNormMath.Pad((float*)at[1], _lines.Length, _gamma, _lines.Padded);
        var work = new Work { Lines = _lines, Epsilon = _epsilon, Chunks = _chunks, Sums = _sums, X = at[0], Gamma = _gamma, Dy = at[2], Dx = at[3] };
        GompTeam.Run(Math.Min(_chunks, Chunks.Parts(_lines.Count * _lines.Length)), &Part, (nint)(&work));
        Join((float*)at[4], _sums);
        Join((float*)at[5], _sums + _lines.Padded);
    }

    internal override void Release()
    {
        NativeMemory.AlignedFree(_gamma);
        NativeMemory.AlignedFree(_sums);
    }

    private void Join(float* y, float* sums)
    {
        for (var i = 0; i < _lines.Length; i++)
        {
            var sum = 0.0;
            for (var chunk = 0L; chunk < _chunks; chunk++) sum += sums[(2 * chunk * _lines.Padded) + i];
            y[i] = (float)sum;
        }
    }

    [SkipLocalsInit]
    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var (n, block) = (work.Lines.Padded, LayerNormMath.Together(work.Lines));
        var x = stackalloc float[2 * block * n];
        var dy = x + (block * n);
        var statistics = stackalloc float[4 * block];
        var starts = stackalloc long[block];
        for (var chunk = (int)((long)work.Chunks * part / parts); chunk < (int)((long)work.Chunks * (part + 1) / parts); chunk++)
        {
            var sums = work.Sums + (2L * chunk * n);
            new Span<float>(sums, 2 * n).Clear();
            var (first, end) = ((long)chunk * ChunkLines, Math.Min((chunk + 1L) * ChunkLines, work.Lines.Count));
            var cursor = work.Lines.From(first);
            for (var line = first; line < end; line += block)
            {
                var lines = (int)Math.Min(block, end - line);
                for (var i = 0; i < lines; i++, cursor.Next()) starts[i] = cursor.At;
                Block(in work, starts, lines, x, dy, sums, statistics);
            }
        }
    }

    private static void Block(in Work work, long* starts, int lines, float* x, float* dy, float* sums, float* statistics)
    {
        var (n, length, last) = (work.Lines.Padded, work.Lines.Length, work.Lines.LastMask());
        float* mean = statistics, scale = mean + lines, plain = scale + lines, weighted = plain + lines;
        for (var i = 0; i < lines; i++)
        {
            work.Lines.Load<T>(work.X, starts[i], x + (i * n));
            work.Lines.Load<T>(work.Dy, starts[i], dy + (i * n));
        }

        LayerNormMath.Statistics(x, lines, n, length, last, work.Epsilon, mean, scale);
        for (var i = 0; i < lines; i++)
            (plain[i], weighted[i]) = Sum(x + (i * n), dy + (i * n), n, mean[i], scale[i], work.Gamma, sums);
        for (var i = 0; i < lines; i++)
        {
            Apply(x + (i * n), dy + (i * n), n, plain[i] / length, weighted[i] / length, scale[i]);
            var end = dy + ((i + 1) * n) - 16;
            (Vector512.Load(end) * last).Store(end);
            work.Lines.Store<T>(work.Dx, starts[i], dy + (i * n));
        }
    }

    /// <summary>Turns x into x̂ and dy into γ·dy, adds to dγ and dβ, and returns Σ γ·dy and Σ γ·dy·x̂.</summary>
    private static (float Plain, float Weighted) Sum(float* x, float* dy, int n, float mean, float scale, float* gamma, float* sums)
    {
        var (m, s) = (Vector512.Create(mean), Vector512.Create(scale));
        var (plain, weighted) = (Vector512<float>.Zero, Vector512<float>.Zero);
        for (var i = 0; i < n; i += 16)
        {
            var (normal, d) = ((Vector512.Load(x + i) - m) * s, Vector512.Load(dy + i));
            Vector512.FusedMultiplyAdd(d, normal, Vector512.Load(sums + i)).Store(sums + i);
            (Vector512.Load(sums + n + i) + d).Store(sums + n + i);
            d *= Vector512.Load(gamma + i);
            plain += d;
            weighted = Vector512.FusedMultiplyAdd(d, normal, weighted);
            normal.Store(x + i);
            d.Store(dy + i);
        }

        return (Vector512.Sum(plain), Vector512.Sum(weighted));
    }

    /// <summary>Turns γ·dy into dx.</summary>
    private static void Apply(float* x, float* dy, int n, float plain, float weighted, float scale)
    {
        var (a, b, s) = (Vector512.Create(plain), Vector512.Create(weighted), Vector512.Create(scale));
        for (var i = 0; i < n; i += 16) ((Vector512.Load(dy + i) - a - (Vector512.Load(x + i) * b)) * s).Store(dy + i);
    }

    private struct Work
    {
        internal LineGrid Lines;
        internal double Epsilon;
        internal int Chunks;
        internal float* Sums;
        internal nint X;
        internal float* Gamma;
        internal nint Dy;
        internal nint Dx;
    }
}
