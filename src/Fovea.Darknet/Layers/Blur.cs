using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary>What <c>antialiasing</c> puts behind a layer, which then has the stride (Zhang 2019, arXiv:1904.11486): a fixed filter of each channel.</summary>
/// <param name="Input">What the layer itself makes.</param>
/// <param name="Output">What comes of it.</param>
/// <param name="StrideX">Columns per step.</param>
/// <param name="StrideY">Rows per step.</param>
/// <param name="Size">3 for the weights 1, 2, 1 in both directions, 2 for the mean of 2×2.</param>
internal sealed record Blur(LayerShape Input, LayerShape Output, int StrideX, int StrideY, int Size)
{
    private int Padding => Size == 3 ? 1 : 0;

    /// <summary>The line that Darknet prints of it, below that of the layer.</summary>
    internal string Row
    {
        get
        {
            var work = (float)(2.0 * Input.Channels * Size * Size * Output.Height * Output.Width / 1e9);
            return ConvolutionalLayer.RowOf("conv  ", Input.Channels, Input.Channels, Size, StrideX, StrideY, 1, Input, Output, work);
        }
    }

    /// <summary>Of a layer that asks for one; null where it does not.</summary>
    internal static Blur? Of(LayerContext at, LayerShape made, int antialiasing, int strideX, int strideY)
    {
        if (antialiasing == 0) return null;
        if (antialiasing is not (1 or 2)) throw at.Options.Wrong("antialiasing", $"is {antialiasing}; wanted 0, 1 or 2");
        var (size, padded) = antialiasing == 2 ? (2, 0) : (3, 2);
        if (made.Width + padded < size || made.Height + padded < size)
            throw at.Options.Wrong($"makes {made.Width} x {made.Height} pixels, too few for antialiasing; wanted at least {Amount.Of(size - padded, "row")}");
        var output = at.Made(((made.Width + padded - size) / strideX) + 1, ((made.Height + padded - size) / strideY) + 1, made.Channels);
        return new(made, output, strideX, strideY, size);
    }

    internal Value Lower(LayerLowering at, Value x)
    {
        var weights = at.Constant(new Shape(Input.Channels, 1, Size, Size), i => Size == 2 ? 0.25f : Line(i / 3 % 3) * Line(i % 3) / 16);
        return x.Conv2d(weights, new Window2d(StrideY, StrideX, Padding, Padding, Padding, Padding), Input.Channels);

        static float Line(int at) => at == 1 ? 2 : 1;
    }
}
