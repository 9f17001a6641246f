using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed.Winograd;

/// <summary>Weights [O, I, 3, 3] in any blocked layout, brought to the sixteen positions, G·g·Gᵀ, and gradients brought back.</summary>
/// <remarks>Turned, for the gradient by the image: the two channel axes change places and the kernel turns by half a circle.</remarks>
internal sealed unsafe class WinogradWeights
{
    private const int Lanes = WinogradKernel.Lanes;

    private readonly Work _work;

    internal WinogradWeights(MemoryDesc desc, bool isTurned)
    {
        var (layout, result, input) = (desc.Layout, isTurned ? 1 : 0, isTurned ? 0 : 1);
        _work = new() { OutBlocks = desc.Dims[result] / Lanes, Inputs = desc.Dims[input] };
        _work.Out = Own([.. Enumerable.Range(0, desc.Dims[result]).Select(k => layout.Place(result, k))]);
        _work.In = Own([.. Enumerable.Range(0, desc.Dims[input]).Select(c => layout.Place(input, c))]);
        _work.Taps = Own([.. Enumerable.Range(0, 9).Select(tap => isTurned ? 8 - tap : tap)
            .Select(tap => layout.Offset + layout.Place(2, tap / 3) + layout.Place(3, tap % 3))]);
        _work.IsDense = Enumerable.Range(0, desc.Dims[result]).All(k => layout.Place(result, k) == layout.Place(result, k / Lanes * Lanes) + (k % Lanes));
    }

    /// <summary>To [blocks of the result][16 positions][channels][16 channels of the result].</summary>
    internal void Transform(float* w, float* to) => Run(w, to, &TransformPart);

    /// <summary>The adjoint, Gᵀ·u·G: from sums in the same order to the gradient of the weights.</summary>
    internal void Restore(float* sums, float* dw) => Run(dw, sums, &RestorePart);

    internal void Free()
    {
        NativeMemory.Free(_work.Out);
        NativeMemory.Free(_work.In);
        NativeMemory.Free(_work.Taps);
    }

    private void Run(float* w, float* positions, delegate*<int, int, nint, void> body)
    {
        var work = _work;
        work.W = w;
        work.Positions = positions;
        GompTeam.Run(Chunks.Parts((long)work.OutBlocks * work.Inputs * Lanes * WinogradKernel.Positions), body, (nint)(&work));
    }

    private static void TransformPart(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var total = (long)work.OutBlocks * work.Inputs;
        for (var i = total * part / parts; i < total * (part + 1) / parts; i++) Transform(in work, (int)(i / work.Inputs), (int)(i % work.Inputs));
    }

    private static void RestorePart(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var total = (long)work.OutBlocks * work.Inputs;
        for (var i = total * part / parts; i < total * (part + 1) / parts; i++) Restore(in work, (int)(i / work.Inputs), (int)(i % work.Inputs));
    }

    private static void Transform(in Work work, int block, int input)
    {
        var rows = stackalloc Vector512<float>[12];
        for (var s = 0; s < 3; s++)
        {
            var (a, b, c) = (Load(in work, block, input, s), Load(in work, block, input, 3 + s), Load(in work, block, input, 6 + s));
            var half = (a + c) * 0.5f;
            (rows[s], rows[3 + s], rows[6 + s], rows[9 + s]) = (a, half + (b * 0.5f), half - (b * 0.5f), c);
        }

        var step = (long)work.Inputs * Lanes;
        var to = work.Position(block, input);
        for (var r = 0; r < 4; r++, to += 4 * step)
        {
            var (a, b, c) = (rows[3 * r], rows[(3 * r) + 1] * 0.5f, rows[(3 * r) + 2]);
            var half = (a + c) * 0.5f;
            a.Store(to);
            (half + b).Store(to + step);
            (half - b).Store(to + (2 * step));
            c.Store(to + (3 * step));
        }
    }

    private static void Restore(in Work work, int block, int input)
    {
        var rows = stackalloc Vector512<float>[12];
        var (from, step) = ((nint)work.Position(block, input), (long)work.Inputs * Lanes);
        for (var r = 0; r < 4; r++)
        {
            var at = (float*)from + (4 * r * step);
            var (a, b, c, d) = (Vector512.Load(at), Vector512.Load(at + step) * 0.5f, Vector512.Load(at + (2 * step)) * 0.5f, Vector512.Load(at + (3 * step)));
            (rows[3 * r], rows[(3 * r) + 1], rows[(3 * r) + 2]) = (a + b + c, b - c, b + c + d);
        }

        for (var s = 0; s < 3; s++)
        {
            var (a, b, c, d) = (rows[s], rows[3 + s] * 0.5f, rows[6 + s] * 0.5f, rows[9 + s]);
            Store(in work, block, input, s, a + b + c);
            Store(in work, block, input, 3 + s, b - c);
            Store(in work, block, input, 6 + s, b + c + d);
        }
    }

    private static void Store(in Work work, int block, int input, int tap, Vector512<float> x)
    {
        var at = work.W + work.Taps[tap] + work.In[input];
        var places = work.Out + (block * Lanes);
        if (work.IsDense) x.Store(at + places[0]);
        else
            for (var l = 0; l < Lanes; l++) at[places[l]] = x[l];
    }

    private static Vector512<float> Load(in Work work, int block, int input, int tap)
    {
        var at = work.W + work.Taps[tap] + work.In[input];
        var places = work.Out + (block * Lanes);
        if (work.IsDense) return Vector512.Load(at + places[0]);
        var lanes = stackalloc float[Lanes];
        for (var l = 0; l < Lanes; l++) lanes[l] = at[places[l]];
        return Vector512.Load(lanes);
    }

    private static long* Own(long[] content)
    {
        var block = (long*)NativeMemory.Alloc((nuint)(content.Length * sizeof(long)));
        content.AsSpan().CopyTo(new Span<long>(block, content.Length));
        return block;
    }

    private struct Work
    {
        internal float* W;
        internal float* Positions;
        internal long* Out;
        internal long* In;
        internal long* Taps;
        internal int OutBlocks;
        internal int Inputs;
        internal bool IsDense;

        internal readonly float* Position(int block, int input) => Positions + ((((long)block * WinogradKernel.Positions * Inputs) + input) * Lanes);
    }
}
