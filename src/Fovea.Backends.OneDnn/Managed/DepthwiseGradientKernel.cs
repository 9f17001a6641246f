using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>The weight gradient of a depthwise convolution over blocks of sixteen channels: reads dy, x; writes dw in blocks of sixteen groups.</summary>
/// <remarks>
/// dw[c, r, s] = Σ x[n, c, p·stride + r·dilation − top, …]·dy[n, c, p, …]. A block of channels and a few images make a task, whose sums are joined in
/// the order of the tasks. oneDNN 2.6 and 3.7 have optimised code for kernels up to three columns wide only.
/// </remarks>
internal sealed unsafe class DepthwiseGradientKernel<T> : Kernel
    where T : INumbers
{
    private const int Lanes = ChannelColumns.Lanes;
    private const int TaskImages = 8;

    private readonly Work _work;

    internal DepthwiseGradientKernel(Conv2dWeightGradient op, Shape x, Shape dy)
    {
        var (h, w) = (op.Weight.H, op.Weight.W);
        _work = new()
        {
            Images = x.N,
            Blocks = (x.C + Lanes - 1) / Lanes,
            ImageParts = (x.N + TaskImages - 1) / TaskImages,
            KernelH = h,
            KernelW = w,
            Window = op.Window,
            H = x.H,
            W = x.W,
            OutH = dy.H,
            OutW = dy.W,
        };
        _work.Sums = (float*)NativeMemory.AlignedAlloc((nuint)((long)_work.Blocks * _work.ImageParts * h * w * Lanes * sizeof(float)), 64);
    }

    internal override string Name => "fovea:depthwise";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var work = _work;
        (work.Dy, work.X) = (at[0], at[1]);
        GompTeam.Run(Math.Min(work.Blocks * work.ImageParts, GompTeam.MaxThreads), &Part, (nint)(&work));
        var taps = work.KernelH * work.KernelW * Lanes;
        for (var block = 0; block < work.Blocks; block++)
        {
            var y = new Span<float>((float*)at[2] + ((long)block * taps), taps);
            y.Clear();
            for (var part = 0; part < work.ImageParts; part++)
            {
                var sums = new ReadOnlySpan<float>(work.Sums + (((long)block * work.ImageParts) + part) * taps, taps);
                for (var i = 0; i < taps; i++) y[i] += sums[i];
            }
        }
    }

    internal override void Release() => NativeMemory.AlignedFree(_work.Sums);

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var total = work.Blocks * work.ImageParts;
        for (var task = part; task < total; task += parts)
        {
            var (block, images) = (task / work.ImageParts, task % work.ImageParts);
            var sums = work.Sums + ((long)task * work.KernelH * work.KernelW * Lanes);
            new Span<float>(sums, work.KernelH * work.KernelW * Lanes).Clear();
            for (var n = images * TaskImages; n < Math.Min((images + 1) * TaskImages, work.Images); n++)
            {
                var plane = ((long)n * work.Blocks) + block;
                for (var r = 0; r < work.KernelH; r++)
                    Row(in work, plane * work.H * work.W * Lanes, plane * work.OutH * work.OutW * Lanes, r, sums + ((long)r * work.KernelW * Lanes));
            }
        }
    }

    /// <summary>The taps of one row of the kernel, a few columns at a time.</summary>
    private static void Row(in Work work, long x, long dy, int r, float* sums)
    {
        ref readonly var window = ref work.Window;
        var (first, end) = Valid(r * window.DilationH - window.Top, window.StrideH, work.H, work.OutH);
        if (first >= end) return;
        x += (((long)first * window.StrideH) + (r * window.DilationH) - window.Top) * work.W * Lanes;
        dy += (long)first * work.OutW * Lanes;
        for (var s = 0; s < work.KernelW;)
        {
            var left = work.KernelW - s;
            var taps = left is 3 or 6 ? 3 : left is 4 or 7 or 8 ? 4 : left >= 5 ? 5 : 1;
            Columns(in work, x, dy, end - first, s, taps, sums + (s * Lanes));
            s += taps;
        }
    }

    /// <summary>The columns where all taps meet the image together, and for each tap those where it does alone.</summary>
    private static void Columns(in Work work, long x, long dy, int rows, int s, int taps, float* sums)
    {
        ref readonly var window = ref work.Window;
        var (step, tap, at) = (window.StrideW * Lanes, window.DilationW * Lanes, (s * window.DilationW) - window.Left);
        var (first, _) = Valid(at, window.StrideW, work.W, work.OutW);
        var (_, end) = Valid(at + ((taps - 1) * window.DilationW), window.StrideW, work.W, work.OutW);
        var area = new Area { X = work.X, Dy = work.Dy, Rows = rows, RowX = (long)window.StrideH * work.W * Lanes, RowDy = (long)work.OutW * Lanes,
            Step = step, Tap = tap };
        for (var t = 0; t < taps; t++)
        {
            var (from, to) = Valid(at + (t * window.DilationW), window.StrideW, work.W, work.OutW);
            var offset = x + ((at + (t * window.DilationW)) * Lanes);
            if (first >= end)
            {
                One(area.At(offset, dy, from, to), sums + (t * Lanes));
                continue;
            }

            One(area.At(offset, dy, from, Math.Min(first, to)), sums + (t * Lanes));
            One(area.At(offset, dy, Math.Max(end, from), to), sums + (t * Lanes));
        }

        if (first >= end) return;
        var inside = area.At(x + (at * Lanes), dy, first, end);
        switch (taps)
        {
            case 5: Five(inside, sums); break;
            case 4: Four(inside, sums); break;
            case 3: Three(inside, sums); break;
            default: One(inside, sums); break;
        }
    }

    /// <summary>The results whose position·stride + offset lies inside of the image.</summary>
    private static (int First, int End) Valid(int offset, int stride, int size, int results)
    {
        var first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
        var last = size - 1 - offset;
        return (first, last < 0 ? 0 : Math.Min(results, (last / stride) + 1));
    }

    private static void One(in Area area, float* sums)
    {
        var a = Vector512.Load(sums);
        for (var row = 0; row < area.Rows; row++)
        {
            var (x, dy) = (area.FromX + (row * area.RowX), area.FromDy + (row * area.RowDy));
            for (var column = 0; column < area.Columns; column++, x += area.Step, dy += Lanes)
                a = Vector512.FusedMultiplyAdd(T.Load(area.X, x), T.Load(area.Dy, dy), a);
        }

        a.Store(sums);
    }

    private static void Three(in Area area, float* sums)
    {
        var (a, b, c) = (Vector512.Load(sums), Vector512.Load(sums + Lanes), Vector512.Load(sums + (2 * Lanes)));
        for (var row = 0; row < area.Rows; row++)
        {
            var (x, dy) = (area.FromX + (row * area.RowX), area.FromDy + (row * area.RowDy));
            for (var column = 0; column < area.Columns; column++, x += area.Step, dy += Lanes)
            {
                var d = T.Load(area.Dy, dy);
                a = Vector512.FusedMultiplyAdd(T.Load(area.X, x), d, a);
                b = Vector512.FusedMultiplyAdd(T.Load(area.X, x + area.Tap), d, b);
                c = Vector512.FusedMultiplyAdd(T.Load(area.X, x + (2 * area.Tap)), d, c);
            }
        }

        a.Store(sums);
        b.Store(sums + Lanes);
        c.Store(sums + (2 * Lanes));
    }

    private static void Four(in Area area, float* sums)
    {
        var (a, b) = (Vector512.Load(sums), Vector512.Load(sums + Lanes));
        var (c, e) = (Vector512.Load(sums + (2 * Lanes)), Vector512.Load(sums + (3 * Lanes)));
        for (var row = 0; row < area.Rows; row++)
        {
            var (x, dy) = (area.FromX + (row * area.RowX), area.FromDy + (row * area.RowDy));
            for (var column = 0; column < area.Columns; column++, x += area.Step, dy += Lanes)
            {
                var d = T.Load(area.Dy, dy);
                a = Vector512.FusedMultiplyAdd(T.Load(area.X, x), d, a);
                b = Vector512.FusedMultiplyAdd(T.Load(area.X, x + area.Tap), d, b);
                c = Vector512.FusedMultiplyAdd(T.Load(area.X, x + (2 * area.Tap)), d, c);
                e = Vector512.FusedMultiplyAdd(T.Load(area.X, x + (3 * area.Tap)), d, e);
            }
        }

        a.Store(sums);
        b.Store(sums + Lanes);
        c.Store(sums + (2 * Lanes));
        e.Store(sums + (3 * Lanes));
    }

    private static void Five(in Area area, float* sums)
    {
        var (a, b) = (Vector512.Load(sums), Vector512.Load(sums + Lanes));
        var (c, e, f) = (Vector512.Load(sums + (2 * Lanes)), Vector512.Load(sums + (3 * Lanes)), Vector512.Load(sums + (4 * Lanes)));
        for (var row = 0; row < area.Rows; row++)
        {
            var (x, dy) = (area.FromX + (row * area.RowX), area.FromDy + (row * area.RowDy));
            for (var column = 0; column < area.Columns; column++, x += area.Step, dy += Lanes)
            {
                var d = T.Load(area.Dy, dy);
                a = Vector512.FusedMultiplyAdd(T.Load(area.X, x), d, a);
                b = Vector512.FusedMultiplyAdd(T.Load(area.X, x + area.Tap), d, b);
                c = Vector512.FusedMultiplyAdd(T.Load(area.X, x + (2 * area.Tap)), d, c);
                e = Vector512.FusedMultiplyAdd(T.Load(area.X, x + (3 * area.Tap)), d, e);
                f = Vector512.FusedMultiplyAdd(T.Load(area.X, x + (4 * area.Tap)), d, f);
            }
        }

        a.Store(sums);
        b.Store(sums + Lanes);
        c.Store(sums + (2 * Lanes));
        e.Store(sums + (3 * Lanes));
        f.Store(sums + (4 * Lanes));
    }

    /// <summary>A rectangle of results and what the first tap reads for it; distances in elements.</summary>
    private struct Area
    {
        internal nint X;
        internal nint Dy;
        internal long FromX;
        internal long FromDy;
        internal int Rows;
        internal int Columns;
        internal long RowX;
        internal long RowDy;
        internal int Step;
        internal int Tap;

        internal readonly Area At(long x, long dy, int first, int end) =>
            this with { FromX = x + ((long)first * Step), FromDy = dy + ((long)first * Lanes), Columns = Math.Max(0, end - first) };
    }

    private struct Work
    {
        internal int Images;
        internal int Blocks;
        internal int ImageParts;
        internal int KernelH;
        internal int KernelW;
        internal Window2d Window;
        internal int H;
        internal int W;
        internal int OutH;
        internal int OutW;
        internal float* Sums;
        internal nint X;
        internal nint Dy;
    }
}
