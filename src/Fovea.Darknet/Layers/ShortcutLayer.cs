using System.Globalization;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary><c>[shortcut]</c>: the layer before and others, added; of other channels those that both have.</summary>
/// <remarks>
/// Of images of another size, which AlexeyAB's Darknet refuses, every so many pixels are taken, or they are spread out, as pjreddie's does: its published
/// ResNets need that.
/// </remarks>
public sealed record ShortcutLayer : DarknetLayer
{
    private readonly IReadOnlyList<DarknetLayer> _from;
    private readonly ShortcutWeighting _weighting;

    private ShortcutLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        var options = at.Options;
        Activation = at.Activation("linear");
        _weighting = ShortcutWeighting.Read(options);
        _from = at.References("from");
        foreach (var layer in _from)
        {
            var shape = layer.Output;
            if (!shape.IsImage) throw options.Wrong("from", $"names layer {layer.Index}, a [{layer.Kind}], which makes no image; wanted others");
            if (!IsWhole(shape.Width, Input.Width, shape.Height, Input.Height))
                throw options.Wrong(
                    "from", $"names layer {layer.Index} of {shape.Width} x {shape.Height} pixels, the layer before has {Input.Width} x {Input.Height}; "
                    + "wanted the same, or the same multiple in both directions");
            if ((_from.Count > 1 || _weighting.Type > 0) && (shape.Width, shape.Height) != (Input.Width, Input.Height))
                throw options.Wrong("from", $"names layer {layer.Index} of another size, beside others or with weights; wanted {Input.Width} x {Input.Height} pixels");
        }
    }

    /// <inheritdoc/>
    public override string Kind => "shortcut";

    /// <summary>The layers that are added to the one before.</summary>
    public IReadOnlyList<int> From => [.. _from.Select(layer => layer.Index)];

    /// <summary>What follows. Default linear.</summary>
    public DarknetActivation Activation { get; }

    /// <inheritdoc/>
    public override LayerShape Output => Input;

    /// <inheritdoc/>
    public override float BFlops => (float)((double)Input.Elements * _from.Count / 1e9) is var bflops && _weighting.Type > 0 ? 2 * bflops : bflops;

    /// <inheritdoc/>
    public override IReadOnlyList<LayerTensor> Tensors => _weighting.Tensor(Index, _from.Count + 1, Input.Channels) is { } weights ? [weights] : [];

    /// <inheritdoc/>
    public override string Row
    {
        get
        {
            var numbers = string.Concat(From.Select(index => Text($"{index}, ")));
            var row = Text(
                $"Shortcut Layer: {numbers} wt = {_weighting.Type}, wn = {_weighting.Normalisation}, outputs:{Output} {Printed.BFlops(BFlops)}");
            return row + string.Concat(_from.Where(layer => layer.Output != Input).Select(layer => $"\n ({Input}) + ({layer.Output}) "));
        }
    }

    /// <inheritdoc/>
    public override string OriginalRow => string.Create(
        CultureInfo.InvariantCulture, $"res  {_from[0].Index,3}                {_from[0].Output}   ->  {Output}");

    /// <summary>Reads a section.</summary>
    internal static ShortcutLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x)
    {
        Value[] terms = [x, .. _from.Select(layer => Fitted(at.Made[layer.Index], x.Shape))];
        if (Tensors is [var weights]) terms = [.. terms.Zip(_weighting.Factors(at.Tensor(weights)), (term, factor) => term.Times(factor))];
        return Activation.Of(terms.Aggregate((sum, term) => sum.Plus(term)));
    }

    /// <summary>Whether both directions are reduced, or enlarged, by the same whole number, rounded down.</summary>
    private static bool IsWhole(int fromWidth, int toWidth, int fromHeight, int toHeight) =>
        fromWidth / toWidth == fromHeight / toHeight && toWidth / fromWidth == toHeight / fromHeight;

    /// <summary>As many channels, rows and columns, with zeros where there is nothing.</summary>
    private static Value Fitted(Value x, Shape to)
    {
        var channels = Math.Min(x.Shape.C, to.C);
        if (x.Shape.C > channels) x = x.Slice(1, 0, channels);
        x = Sized(x, 2, to.H);
        x = Sized(x, 3, to.W);
        return channels < to.C ? x.Pad(1, 0, to.C - channels) : x;
    }

    private static Value Sized(Value x, int axis, int to)
    {
        var from = x.Shape[axis];
        if (from == to) return x;
        var (stride, sample) = (Math.Max(from / to, 1), Math.Max(to / from, 1));
        if (Math.Min(from, to) < from) x = x.Slice(axis, 0, to, stride);
        return from > to ? x : sample == 1 ? x.Pad(axis, 0, to - from) : Spread(x, axis, sample, to);
    }

    /// <summary>Every so many pixels one of x, zeros between and behind them.</summary>
    private static Value Spread(Value x, int axis, int step, int to)
    {
        var (before, from, after) = (1L, x.Shape[axis], 1L);
        for (var i = 0; i < 4; i++)
            if (i < axis) before *= x.Shape[i];
            else if (i > axis) after *= x.Shape[i];
        var spread = x.Reshape(Shape.Of(before, from, 1, after)).Pad(2, 0, step - 1).Reshape(x.Shape.With(axis, (long)from * step));
        return from * step == to ? spread : spread.Pad(axis, 0, to - (from * step));
    }
}
