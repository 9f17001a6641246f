using Fovea.Graphs;

namespace Fovea.Darknet.Layers;

/// <summary><c>[activation]</c>: an activation by itself.</summary>
public sealed record ActivationLayer : DarknetLayer
{
    private ActivationLayer(LayerContext at)
        : base(at.Index, at.Input) => Activation = at.Activation("linear");

    /// <inheritdoc/>
    public override string Kind => "activation";

    /// <summary>Which. Default linear.</summary>
    public DarknetActivation Activation { get; }

    /// <inheritdoc/>
    public override LayerShape Output => Input;

    /// <inheritdoc/>
    public override string Row => Text($"Activation Layer: {Input.Elements} inputs");

    /// <summary>Reads a section.</summary>
    internal static ActivationLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) => Activation.Of(x);
}
