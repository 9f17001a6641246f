using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary><c>[reorg3d]</c>: squares of pixels as channels; AlexeyAB's <c>reorg</c>.</summary>
public sealed record Reorg3dLayer : DarknetLayer
{
    private readonly int _stride;
    private readonly bool _isReverse;

    private Reorg3dLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
        (_stride, _isReverse) = ReorgLayer.Read(at, at.Options);
        Output = ReorgLayer.Sizes(at, _stride, _isReverse);
        if (_isReverse && Output.Channels % (_stride * _stride) != 0)
            throw at.Options.Wrong("stride", $"is {_stride}; wanted one whose square divides the {Output.Channels} channels that come of it, too");
    }

    /// <inheritdoc/>
    public override string Kind => "reorg3d";

    /// <inheritdoc/>
    public override LayerShape Output { get; }

    /// <inheritdoc/>
    public override string Row => Text($"reorg                    /{_stride,2} {Input} -> {Output}");

    /// <summary>Reads a section.</summary>
    internal static Reorg3dLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x)
    {
        if (!_isReverse) return Rearranged.ToChannels(x, _stride);
        var made = new Shape(x.Shape.N, Output.Channels, Output.Height, Output.Width);
        return Rearranged.ToPixels(x.Reshape(made), _stride).Reshape(made);
    }
}
