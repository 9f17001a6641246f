using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary>
/// <c>[normalization]</c>: x·(kappa + alpha·Σ x²)^−beta over channels nearby (Krizhevsky et al. 2012), with the sum that Darknet computes.
/// </summary>
/// <remarks>
/// Its running sum begins with the first ⌊size/2⌋ channels and from each channel to the next adds one in front and takes one off behind
/// (<c>forward_normalization_layer</c>). So channel ⌊size/2⌋ is never added, but taken off later. Networks were trained with that.
/// </remarks>
public sealed record NormalizationLayer : DarknetLayer
{
    private readonly double _alpha;
    private readonly double _beta;
    private readonly double _kappa;
    private readonly int _size;

    private NormalizationLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        var options = at.Options;
        _alpha = options.Real("alpha", 0.0001, isTold: true);
        _beta = options.Real("beta", 0.75, isTold: true);
        _kappa = options.Real("kappa", 1, isTold: true);
        _size = options.Integer("size", 5, 1, LayerContext.Window, isTold: true);
        if (_size / 2 > Input.Channels) throw options.Wrong("size", $"is {_size}; wanted at most twice the {Input.Channels} channels");
    }

    /// <inheritdoc/>
    public override string Kind => "normalization";

    /// <inheritdoc/>
    public override LayerShape Output => Input;

    /// <inheritdoc/>
    public override string Row =>
        Text($"Local Response Normalization Layer: {Input.Width} x {Input.Height} x {Input.Channels} image, {_size} size");

    /// <summary>Reads a section.</summary>
    internal static NormalizationLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x)
    {
        var channels = Input.Channels;
        var sums = at.Constant(new Shape(channels, channels, 1, 1), i => Counted(i / channels, i % channels));
        var norms = x.Square().Conv2d(sums, Window2d.Of()).Affine(_alpha, _kappa);
        return x.Times(norms.Log().Times(-_beta).Exp());
    }

    /// <summary>How often the square of a channel is in the sum of another: −1, 0 or 1.</summary>
    private int Counted(int of, int channel)
    {
        var (before, after) = ((_size - 1) / 2, _size / 2);
        var isFirst = channel < after;
        var isAdded = channel >= 1 + after && channel <= of + after;
        var isTaken = channel <= of - before - 1 && of > 0;
        return (isFirst || isAdded ? 1 : 0) - (isTaken ? 1 : 0);
    }
}
