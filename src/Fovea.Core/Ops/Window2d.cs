using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>How a kernel moves over an image: stride, zero padding on each side, dilation.</summary>
/// <param name="StrideH">Rows per step, from 1.</param>
/// <param name="StrideW">Columns per step, from 1.</param>
/// <param name="Top">Rows of padding above.</param>
/// <param name="Left">Columns of padding on the left.</param>
/// <param name="Bottom">Rows of padding below.</param>
/// <param name="Right">Columns of padding on the right.</param>
/// <param name="DilationH">Rows between kernel taps, 1 = dense.</param>
/// <param name="DilationW">Columns between kernel taps, 1 = dense.</param>
public readonly record struct Window2d(
    int StrideH = 1, int StrideW = 1, int Top = 0, int Left = 0, int Bottom = 0, int Right = 0, int DilationH = 1, int DilationW = 1)
{
    private const int LargestImage = 1 << 29;

    /// <summary>The same stride, padding and dilation in both directions and on all sides.</summary>
    public static Window2d Of(int stride = 1, int padding = 0, int dilation = 1) =>
        new(stride, stride, padding, padding, padding, padding, dilation, dilation);

    /// <summary>⌊(h + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1; 0 where the kernel does not fit.</summary>
    public int OutputHeight(int h, int kernel) => Output((long)h + Top + Bottom, 1 + ((long)DilationH * (kernel - 1)), StrideH);

    /// <summary>⌊(w + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1; 0 where the kernel does not fit.</summary>
    public int OutputWidth(int w, int kernel) => Output((long)w + Left + Right, 1 + ((long)DilationW * (kernel - 1)), StrideW);

    /// <summary>Reads what <see cref="Print"/> wrote.</summary>
    public static Window2d Parse(AttributeReader from)
    {
        var (stride, padding, dilation) = (from.Integers("stride"), from.Integers("padding"), from.Integers("dilation"));
        if (stride.Length != 2 || padding.Length != 4 || dilation.Length != 2) throw new GraphException("a window has 2 strides, 4 paddings and 2 dilations");
        return new(stride[0], stride[1], padding[0], padding[1], padding[2], padding[3], dilation[0], dilation[1]);
    }

    /// <summary>Writes stride, padding (top, left, bottom, right) and dilation.</summary>
    public void Print(AttributeWriter to)
    {
        to.Add("stride", StrideH, StrideW);
        to.Add("padding", Top, Left, Bottom, Right);
        to.Add("dilation", DilationH, DilationW);
    }

    /// <summary>
    /// Checks the numbers, so that those of rows and columns of the padded image <paramref name="x"/> and under the kernel can be counted in 32 bits.
    /// </summary>
    internal void Validate(Op op, Shape x, int kernelH, int kernelW)
    {
        Check.That(StrideH > 0 && StrideW > 0, op, $"stride {StrideH}x{StrideW}; wanted at least 1");
        Check.That(DilationH > 0 && DilationW > 0, op, $"dilation {DilationH}x{DilationW}; wanted at least 1");
        Check.That(Top >= 0 && Left >= 0 && Bottom >= 0 && Right >= 0, op, $"padding {Top}, {Left}, {Bottom}, {Right}; wanted at least 0");
        var largest = Math.Max(Math.Max(Math.Max(StrideH, StrideW), Math.Max(DilationH, DilationW)), Math.Max(Math.Max(Top, Left), Math.Max(Bottom, Right)));
        Check.That(Math.Max(largest, Math.Max(kernelH, kernelW)) <= GraphLimits.Window, op,
            $"kernel {kernelH}x{kernelW}, stride {StrideH}x{StrideW}, dilation {DilationH}x{DilationW}, padding {Top}, {Left}, {Bottom}, {Right}"
            + $"; wanted at most {GraphLimits.Window} each");
        Check.That(Math.Max(x.H, x.W) <= LargestImage, op, $"x {x}; wanted at most {LargestImage} rows and columns");
    }

    private static int Output(long padded, long reach, int stride) => reach > padded ? 0 : (int)Math.Min(int.MaxValue, ((padded - reach) / stride) + 1);
}
