using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary>
/// <c>[reorg]</c>: numbers in another order and shape, as YOLO 2 was trained with it (AlexeyAB's <c>reorg_old</c>): as many channels for as many fewer
/// pixels, whereby the order is that of spreading channels over pixels.
/// </summary>
public sealed record ReorgLayer : DarknetLayer
{
    private readonly int _stride;
    private readonly bool _isReverse;

    private ReorgLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        (_stride, _isReverse) = Read(at, at.Options);
        Output = Sizes(at, _stride, _isReverse);
        if (Input.Channels % (_stride * _stride) != 0)
            throw at.Options.Wrong("stride", $"is {_stride}; wanted one whose square divides the {Input.Channels} channels");
    }

    /// <inheritdoc/>
    public override string Kind => "reorg";

    /// <inheritdoc/>
    public override LayerShape Output { get; }

    /// <inheritdoc/>
    public override string Row => Text($"reorg_old              /{_stride,2}  {Input}   ->  {Output}");

    /// <inheritdoc/>
    public override string OriginalRow => Text($"reorg              /{_stride,2}  {Input}   ->  {Output}");

    /// <summary>Reads a section.</summary>
    internal static ReorgLayer Read(LayerContext at) => new(at);

    /// <summary>The keys of both kinds.</summary>
    internal static (int Stride, bool IsReverse) Read(LayerContext at, Cfg.CfgOptions options) =>
        (options.Integer("stride", 1, 1, at.Image.Channels + at.Image.Width, isTold: true), options.Flag("reverse"));

    /// <summary>The output of both kinds.</summary>
    internal static LayerShape Sizes(LayerContext at, int stride, bool isReverse)
    {
        var (x, square) = (at.Image, (long)stride * stride);
        var isWhole = isReverse ? x.Channels % square == 0 : x.Width % stride == 0 && x.Height % stride == 0;
        if (!isWhole)
            throw at.Options.Wrong("stride", $"is {stride}; wanted {(isReverse ? $"one whose square divides {x.Channels} channels" : $"a divisor of {x.Width} x {x.Height} pixels")}");
        return isReverse
            ? at.Made((long)x.Width * stride, (long)x.Height * stride, x.Channels / square)
            : at.Made(x.Width / stride, x.Height / stride, x.Channels * square);
    }

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x)
    {
        var (n, c, s) = (x.Shape.N, x.Shape.C, _stride);
        var y = _isReverse
            ? Rearranged.ToPixels(x, s)
            : Rearranged.ToChannels(x.Reshape(Shape.Of(n, c / (s * s), (long)x.Shape.H * s, (long)x.Shape.W * s)), s);
        return y.Reshape(new Shape(n, Output.Channels, Output.Height, Output.Width));
    }
}
