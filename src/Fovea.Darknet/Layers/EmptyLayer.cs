using Fovea.Graphs;

namespace Fovea.Darknet.Layers;

/// <summary><c>[empty]</c>, <c>[silence]</c>: what the layer before makes.</summary>
public sealed record EmptyLayer : DarknetLayer
{
    private EmptyLayer(LayerContext at)
        : base(at.Index, at.Input)
    {
    }

    /// <inheritdoc/>
    public override string Kind => "empty";

    /// <inheritdoc/>
    public override LayerShape Output => Input;

    /// <inheritdoc/>
    public override string Row => "empty ";

    /// <summary>Reads a section.</summary>
    internal static EmptyLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) => x;
}
