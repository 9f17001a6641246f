using System.Globalization;
using Fovea.Naming;
using Fovea.Ops;

namespace Fovea.Darknet.Layers;

/// <summary>How the window of a pooling moves: of the padding the first sides have half, rounded down.</summary>
/// <param name="Size">Rows and columns of the window.</param>
/// <param name="StrideX">Columns per step.</param>
/// <param name="StrideY">Rows per step.</param>
/// <param name="Padding">Rows and columns of padding, both sides together.</param>
internal sealed record PoolWindow(int Size, int StrideX, int StrideY, int Padding)
{
    internal Window2d Window => new(StrideY, StrideX, Padding / 2, Padding / 2, Padding - (Padding / 2), Padding - (Padding / 2));

    internal static PoolWindow Read(LayerContext at)
    {
        var options = at.Options;
        var stride = options.Integer("stride", 1, 1, LayerContext.Window, isTold: true);
        var x = options.Integer("stride_x", stride, 1, LayerContext.Window);
        var y = options.Integer("stride_y", stride, 1, LayerContext.Window);
        var size = options.Integer("size", stride, 1, LayerContext.Window, isTold: true);
        return new(size, x, y, options.Integer("padding", size - 1, 0, LayerContext.Window));
    }

    internal LayerShape Made(LayerContext at)
    {
        var (image, options) = (at.Image, at.Options);
        if (Padding - (Padding / 2) >= Size && Padding > 0)
            throw options.Wrong("padding", $"is {Padding}, so that windows of {Amount.Of(Size, "pixel")} would see none; wanted less than {2 * Size - 1}");
        if (image.Width + Padding < Size || image.Height + Padding < Size)
            throw options.Wrong($"has windows of {Size} pixels; wanted an image of at least as many with its padding, not {image.Width} x {image.Height}");
        return at.Made(((image.Width + Padding - Size) / StrideX) + 1, ((image.Height + Padding - Size) / StrideY) + 1, image.Channels);
    }

    internal float BFlops(LayerShape from, LayerShape to) => (float)((double)Size * Size * from.Channels * to.Height * to.Width / 1e9);

    internal string Row(string tag, LayerShape from, LayerShape to)
    {
        var window = StrideX == StrideY
            ? string.Create(CultureInfo.InvariantCulture, $"               {Size,2}x{Size,2}/{StrideX,2}   ")
            : string.Create(CultureInfo.InvariantCulture, $"              {Size,2}x{Size,2}/{StrideX,2}x{StrideY,2} ");
        return $"{tag}{window}{from} -> {to} {Printed.BFlops(BFlops(from, to))}";
    }
}
