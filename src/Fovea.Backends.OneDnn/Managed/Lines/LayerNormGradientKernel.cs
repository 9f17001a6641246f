using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;

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
        var n = work.Lines.Padded;
        var room = stackalloc float[2 * n];
        var last = work.Lines.LastMask();
        for (var chunk = (int)((long)work.Chunks * part / parts); chunk < (int)((long)work.Chunks * (part + 1) / parts); chunk++)
        {
            var sums = work.Sums + (2L * chunk * n);
            new Span<float>(sums, 2 * n).Clear();
            var (first, end) = ((long)chunk * ChunkLines, Math.Min((chunk + 1L) * ChunkLines, work.Lines.Count));
            var cursor = work.Lines.From(first);
            for (var line = first; line < end; line++, cursor.Next()) Line(in work, cursor.At, room, room + n, sums, last);
        }
    }

    private static void Line(in Work work, long at, float* x, float* dy, float* sums, Vector512<float> last)
    {
        var (n, length) = (work.Lines.Padded, work.Lines.Length);
        work.Lines.Load<T>(work.X, at, x);
        work.Lines.Load<T>(work.Dy, at, dy);
        var (mean, scale) = LayerNormMath.Statistics(x, n, length, last, work.Epsilon);
        var (m, s) = (Vector512.Create(mean), Vector512.Create(scale));
        var (plain, weighted) = (Vector512<float>.Zero, Vector512<float>.Zero);
        for (var i = 0; i < n; i += 16)
        {
            var (normal, d) = ((Vector512.Load(x + i) - m) * s, Vector512.Load(dy + i));
            Vector512.FusedMultiplyAdd(d, normal, Vector512.Load(sums + i)).Store(sums + i);
            (Vector512.Load(sums + n + i) + d).Store(sums + n + i);
            d *= Vector512.Load(work.Gamma + i);
            plain += d;
            weighted = Vector512.FusedMultiplyAdd(d, normal, weighted);
            normal.Store(x + i);
            d.Store(dy + i);
        }

        var (a, b) = (Vector512.Create(Vector512.Sum(plain) / length), Vector512.Create(Vector512.Sum(weighted) / length));
        for (var i = 0; i < n; i += 16) ((Vector512.Load(dy + i) - a - (Vector512.Load(x + i) * b)) * s).Store(dy + i);
        (Vector512.Load(dy + n - 16) * last).Store(dy + n - 16);
        work.Lines.Store<T>(work.Dx, at, dy);
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
