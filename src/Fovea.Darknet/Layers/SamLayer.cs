using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Darknet.Layers;

/// <summary><c>[sam]</c>: another layer times the layer before, number by number (spatial attention, arXiv:2004.10934).</summary>
public sealed record SamLayer : DarknetLayer
{
    private readonly DarknetLayer _from;

    private SamLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        _from = at.References("from")[0];
        Activation = at.Activation("linear", isTold: false);
        if (_from.Output != Input)
            throw at.Options.Wrong("from", $"names layer {_from.Index}, which makes {_from.Output}; wanted {Input} as the layer before");
    }

    /// <inheritdoc/>
    public override string Kind => "sam";

    /// <summary>The layer that is scaled.</summary>
    public int From => _from.Index;

    /// <summary>What follows. Default linear.</summary>
    public DarknetActivation Activation { get; }

    /// <inheritdoc/>
    public override LayerShape Output => Input;

    /// <inheritdoc/>
    public override string Row => Text($"scale Layer: {From}");

    /// <summary>Reads a section.</summary>
    internal static SamLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) => Activation.Of(x.Times(at.Made[From]));
}
