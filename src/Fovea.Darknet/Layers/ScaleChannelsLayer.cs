using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Darknet.Layers;

/// <summary><c>[scale_channels]</c>: another layer, each channel (or with <c>scale_wh</c> each pixel) times a number of the layer before.</summary>
public sealed record ScaleChannelsLayer : DarknetLayer
{
    private readonly DarknetLayer _from;

    private ScaleChannelsLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        var options = at.Options;
        _from = at.References("from")[0];
        IsOfPixels = options.Flag("scale_wh");
        Activation = at.Activation("linear", isTold: false);
        var from = _from.Output;
        var fits = IsOfPixels
            ? Input.Channels == 1 && (Input.Width, Input.Height) == (from.Width, from.Height)
            : (Input.Width, Input.Height) == (1, 1) && Input.Channels == from.Channels;
        if (!fits || !from.IsImage)
            throw options.Wrong(
                "from", $"names layer {_from.Index} of {from.Width} x {from.Height} x {from.Channels}, the layer before makes "
                + $"{Input.Width} x {Input.Height} x {Input.Channels}; wanted {(IsOfPixels ? "one channel of the same pixels" : "1 x 1 pixel of the same channels")}");
    }

    /// <inheritdoc/>
    public override string Kind => "scale_channels";

    /// <summary>The layer that is scaled.</summary>
    public int From => _from.Index;

    /// <summary>Whether pixels are scaled, not channels.</summary>
    public bool IsOfPixels { get; }

    /// <summary>What follows. Default linear.</summary>
    public DarknetActivation Activation { get; }

    /// <inheritdoc/>
    public override LayerShape Output => _from.Output;

    /// <inheritdoc/>
    public override string Row => Text($"scale Layer: {From}");

    /// <summary>Reads a section.</summary>
    internal static ScaleChannelsLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) => Activation.Of(at.Made[From].Times(x));
}
