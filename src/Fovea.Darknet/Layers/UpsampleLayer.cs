using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Darknet.Layers;

/// <summary><c>[upsample]</c>: each pixel repeated; with a negative stride the sum of each square of pixels.</summary>
public sealed record UpsampleLayer : DarknetLayer
{
    private readonly int _stride;
    private readonly double _scale;
    private readonly bool _isReduced;

    private UpsampleLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        var options = at.Options;
        var stride = options.Integer("stride", 2, -LayerContext.Window, LayerContext.Window, isTold: true);
        _scale = options.Real("scale", 1);
        (_stride, _isReduced) = (Math.Abs(stride), stride < 0);
        if (stride == 0) throw options.Wrong("stride", "is 0; wanted a number of pixels");
        if (_isReduced && (Input.Width % _stride != 0 || Input.Height % _stride != 0))
            throw options.Wrong("stride", $"is {stride}; wanted a divisor of {Input.Width} x {Input.Height} pixels");
        Output = _isReduced
            ? at.Made(Input.Width / _stride, Input.Height / _stride, Input.Channels)
            : at.Made((long)Input.Width * _stride, (long)Input.Height * _stride, Input.Channels);
    }

    /// <inheritdoc/>
    public override string Kind => "upsample";

    /// <inheritdoc/>
    public override LayerShape Output { get; }

    /// <inheritdoc/>
    public override string Row => Text($"{(_isReduced ? "downsample" : "upsample")}                {Stride}  {Input} -> {Output}");

    /// <inheritdoc/>
    public override string OriginalRow => Text($"{(_isReduced ? "downsample" : "upsample")}           {Stride}  {Input}   ->  {Output}");

    private string Stride => Text($"{_stride,2}x");

    /// <summary>Reads a section.</summary>
    internal static UpsampleLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) => _isReduced
        ? Scaled(x.AvgPool(_stride, _stride), _scale * _stride * _stride)
        : Scaled(x.Resize(Output.Height, Output.Width, ResizeMode.Nearest), _scale);

    private static Value Scaled(Value x, double by) => by == 1 ? x : x.Times(by);
}
