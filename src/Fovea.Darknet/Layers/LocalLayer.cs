using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary><c>[local]</c>: a convolution whose weights and biases differ from pixel to pixel.</summary>
public sealed record LocalLayer : DarknetLayer
{
    private readonly int _size;
    private readonly int _stride;
    private readonly int _padding;

    private LocalLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        var options = at.Options;
        var filters = options.Integer("filters", 1, 1, LayerContext.Channels, isTold: true);
        _size = options.Integer("size", 1, 1, LayerContext.Window, isTold: true);
        _stride = options.Integer("stride", 1, 1, LayerContext.Window, isTold: true);
        _padding = options.Integer("pad", 0, 0, 1, isTold: true);
        Activation = at.Activation("logistic");
        // Each place of the window is cut out by itself.
        if (3L * _size * _size > GraphLimits.Default.Nodes) throw options.Wrong("size", $"is {_size}; wanted at most {(int)Math.Sqrt(GraphLimits.Default.Nodes / 3.0)}");
        if (_padding == 1 && _size != 3)
            throw options.Wrong("pad", $"is 1 beside a size of {_size}, for which Darknet counts other pixels than it makes; wanted size 3");
        if (Input.Width + (2 * _padding) < _size || Input.Height + (2 * _padding) < _size)
            throw options.Wrong("size", $"is {_size}; wanted at most the {Input.Width} x {Input.Height} pixels that there are");
        Output = at.Made(Steps(Input.Width), Steps(Input.Height), filters);
        at.Weights((Int128)Output.Elements * Kernel);
        int Steps(int extent) => ((extent + (2 * _padding) - _size) / _stride) + 1;
    }

    /// <inheritdoc/>
    public override string Kind => "local";

    /// <summary>What follows. Default logistic.</summary>
    public DarknetActivation Activation { get; }

    /// <inheritdoc/>
    public override LayerShape Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerTensor> Tensors =>
    [
        LayerTensor.Biases(Index, Output.Elements),
        new(Index, "weights", new(Places, Output.Channels, Kernel), LayerTensor.Usual(Kernel)),
    ];

    /// <inheritdoc/>
    public override string Row =>
        Text($"Local Layer: {Input.Height} x {Input.Width} x {Input.Channels} image, {Output.Channels} filters")
        + Text($" -> {Output.Height} x {Output.Width} x {Output.Channels} image");

    private int Places => Output.Width * Output.Height;

    private int Kernel => Input.Channels * _size * _size;

    /// <summary>Reads a section.</summary>
    internal static LocalLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x)
    {
        var tensors = at.Declared(Tensors);
        var n = x.Shape.N;
        var columns = Columns(x).Transpose(2, 1, 0);
        var sums = tensors["weights"].MatMul(columns).Transpose(2, 1, 0).Reshape(new Shape(n, Output.Channels, Output.Height, Output.Width));
        return Activation.Of(sums.Plus(tensors["biases"].Reshape(new Shape(1, Output.Channels, Output.Height, Output.Width))));
    }

    /// <summary>What each place sees: [N, C·size·size, places].</summary>
    private Value Columns(Value x)
    {
        if (_padding > 0) x = x.Pad(2, _padding, _padding).Pad(3, _padding, _padding);
        var taps = new Value[_size * _size];
        for (var tap = 0; tap < taps.Length; tap++)
            taps[tap] = x.Slice(2, tap / _size, Output.Height, _stride).Slice(3, tap % _size, Output.Width, _stride)
                .Reshape(new Shape(x.Shape.N, Input.Channels, 1, Places));
        var all = taps.Length == 1 ? taps[0] : taps[0].Concat(2, taps.AsSpan(1));
        return all.Reshape(new Shape(x.Shape.N, Kernel, Places));
    }
}
