using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary><c>[maxpool]</c>: the largest of each window, or (<c>maxpool_depth</c>) of every so many channels of each pixel.</summary>
public sealed record MaxPoolLayer : DarknetLayer
{
    private readonly PoolWindow _window;
    private readonly Blur? _blur;
    private readonly LayerShape _made;

    private MaxPoolLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        var options = at.Options;
        _window = PoolWindow.Read(at);
        IsOfChannels = options.Flag("maxpool_depth");
        var channels = options.Integer("out_channels", 1, 1, LayerContext.Channels);
        var antialiasing = options.Integer("antialiasing", 0);
        if (options.Flag("maxpool_zero_nonmax")) throw options.Wrong("maxpool_zero_nonmax", "zeroes the input of another layer, which Fovea does not; wanted 0");
        if (IsOfChannels && channels > Input.Channels)
            throw options.Wrong("out_channels", $"is {channels}; wanted at most {Input.Channels}, the channels that there are");
        var (strideX, strideY) = (_window.StrideX, _window.StrideY);
        if (antialiasing != 0) _window = _window with { StrideX = 1, StrideY = 1 };
        _made = IsOfChannels ? at.Made(Input.Width, Input.Height, channels) : _window.Made(at);
        _blur = Blur.Of(at, _made, antialiasing, strideX, strideY);
    }

    /// <inheritdoc/>
    public override string Kind => "maxpool";

    /// <summary>Rows and columns of the window. Default the stride.</summary>
    public int Size => _window.Size;

    /// <summary>Columns per step. Default 1.</summary>
    public int StrideX => _window.StrideX;

    /// <summary>Rows per step.</summary>
    public int StrideY => _window.StrideY;

    /// <summary>Rows and columns of padding, both sides together; the first has half of them, rounded down. Default the size less 1.</summary>
    public int Padding => _window.Padding;

    /// <summary>Whether it takes the largest of channels: output channel g of g, g + outputs, g + 2·outputs, ….</summary>
    public bool IsOfChannels { get; }

    /// <inheritdoc/>
    public override LayerShape Output => _blur?.Output ?? _made;

    /// <inheritdoc/>
    public override float BFlops => _window.BFlops(Input, _made);

    /// <inheritdoc/>
    public override string Row
    {
        get
        {
            var row = IsOfChannels
                ? Text($"max-depth         {Size,2}x{Size,2}/{StrideX,2}   {Input} -> {_made} {Printed.BFlops(BFlops)}")
                : _window.Row("max", Input, _made);
            return _blur is null ? row : $"{row}\nAA:  {_blur.Row}";
        }
    }

    /// <inheritdoc/>
    public override string OriginalRow => Text($"max          {Size} x {Size} / {StrideX}  {Input}   ->  {_made}");

    /// <inheritdoc/>
    internal override (int Width, int Height, int Outputs) Averaged => (Input.Width, Input.Height, _made.Elements);

    /// <summary>Reads a section.</summary>
    internal static MaxPoolLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x)
    {
        x = IsOfChannels ? OfChannels(x) : x.MaxPool(Size, Size, _window.Window);
        return _blur?.Lower(at, x) ?? x;
    }

    private Value OfChannels(Value x)
    {
        var (shape, groups) = (x.Shape, Input.Channels / _made.Channels);
        var whole = groups * _made.Channels;
        var largest = x.Slice(1, 0, whole).Reshape(Shape.Of(shape.N, groups, (long)_made.Channels * shape.H, shape.W)).Max(1)
            .Reshape(new Shape(shape.N, _made.Channels, shape.H, shape.W));
        if (whole == Input.Channels) return largest;
        var rest = Input.Channels - whole;
        var first = largest.Slice(1, 0, rest).Maximum(x.Slice(1, whole, rest));
        return first.Concat(1, largest.Slice(1, rest, _made.Channels - rest));
    }
}
