using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Darknet.Layers;

/// <summary><c>[avgpool]</c>: the mean of each channel.</summary>
public sealed record AveragePoolLayer : DarknetLayer
{
    private AveragePoolLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
    }

    /// <inheritdoc/>
    public override string Kind => "avgpool";

    /// <inheritdoc/>
    public override LayerShape Output => LayerShape.Vector(Input.Channels);

    /// <inheritdoc/>
    public override string Row => Text($"avg                          {Input} ->   {Input.Channels,4}");

    /// <inheritdoc/>
    public override string OriginalRow => Text($"avg                     {Input}   ->  {Input.Channels,4}");

    /// <summary>Reads a section.</summary>
    internal static AveragePoolLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) => x.GlobalAveragePool();
}
