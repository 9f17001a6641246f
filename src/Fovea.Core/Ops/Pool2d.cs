using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>What the poolings share: the shape rule and which elements a window holds.</summary>
internal readonly record struct Pool2d(int KernelH, int KernelW, Window2d Window)
{
    internal static Pool2d Parse(AttributeReader from)
    {
        var kernel = from.Integers("kernel");
        if (kernel.Length != 2) throw new GraphException("a kernel has 2 extents");
        return new(kernel[0], kernel[1], Window2d.Parse(from));
    }

    internal void Print(AttributeWriter to)
    {
        to.Add("kernel", KernelH, KernelW);
        Window.Print(to);
    }

    internal TensorType Infer(Op op, TensorType x)
    {
        Check.That(x.DType.IsFloat, op, $"x is {x}; wanted fractions");
        return x with { Shape = Infer(op, x.Shape) };
    }

    private Shape Infer(Op op, Shape x)
    {
        Check.That(x.Rank == 4, op, $"x {x}; wanted [N, C, H, W]");
        Check.That(KernelH > 0 && KernelW > 0, op, $"kernel {KernelH}x{KernelW}; wanted at least 1");
        Window.Validate(op, x, KernelH, KernelW);
        Check.That((long)KernelH * KernelW <= GraphLimits.Taps, op, $"kernel {KernelH}x{KernelW}; wanted at most {GraphLimits.Taps} taps");
        var (reachH, reachW) = ((long)Window.DilationH * (KernelH - 1), (long)Window.DilationW * (KernelW - 1));
        Check.That(Math.Max(Window.Top, Window.Bottom) <= reachH && Math.Max(Window.Left, Window.Right) <= reachW, op,
            $"padding {Window.Top}, {Window.Left}, {Window.Bottom}, {Window.Right} with kernel {KernelH}x{KernelW}"
            + $"; wanted less than the kernel, or a window holds nothing");
        var (h, w) = (Window.OutputHeight(x.H, KernelH), Window.OutputWidth(x.W, KernelW));
        Check.That(h > 0 && w > 0, op, $"x {x} is smaller than the {KernelH}x{KernelW} kernel; wanted a larger image");
        var y = new Shape(x.N, x.C, h, w);
        Check.Work(y.Elements, (long)KernelH * KernelW, op);
        return y;
    }

    internal void CheckGradient(Op op, Shape x, TensorType dy)
    {
        Check.That(dy.DType.IsFloat, op, $"dy is {dy}; wanted fractions");
        var wanted = Infer(op, x);
        Check.That(dy.Shape == wanted, op, $"dy is {dy.Shape}; x {x} wants {wanted}");
    }

    /// <summary>Calls <paramref name="visit"/> with every result element and the elements of x in its window, in row-major order.</summary>
    internal void Walk(Shape x, Shape y, Action<long, ReadOnlySpan<long>> visit)
    {
        var taps = new long[KernelH * KernelW];
        for (var i = 0L; i < y.Elements; i++)
        {
            var (q, p, plane) = ((int)(i % y.W), (int)(i / y.W % y.H), i / (y.W * y.H));
            var count = 0;
            for (var r = 0; r < KernelH; r++)
                for (var s = 0; s < KernelW; s++)
                {
                    var row = (p * Window.StrideH) - Window.Top + (r * Window.DilationH);
                    var column = (q * Window.StrideW) - Window.Left + (s * Window.DilationW);
                    if (row >= 0 && row < x.H && column >= 0 && column < x.W) taps[count++] = (((plane * x.H) + row) * x.W) + column;
                }

            visit(i, taps.AsSpan(0, count));
        }
    }
}
