using Fovea.Graphs;

namespace Fovea.Darknet.Layers;

/// <summary><c>[batchnorm]</c>: a norm by itself.</summary>
public sealed record BatchNormLayer : DarknetLayer
{
    private BatchNormLayer(LayerContext at)
        : base(at.Index, at.Image)
    {
    }

    /// <inheritdoc/>
    public override string Kind => "batchnorm";

    /// <inheritdoc/>
    public override LayerShape Output => Input;

    /// <inheritdoc/>
    public override IReadOnlyList<LayerTensor> Tensors =>
    [
        LayerTensor.Biases(Index, Input.Channels), .. LayerTensor.OfNorm(Index, Input.Channels).Select(tensor => tensor with { IsOfNorm = false }),
    ];

    /// <inheritdoc/>
    public override string Row => Text($"Batch Normalization Layer: {Input.Width} x {Input.Height} x {Input.Channels} image");

    /// <summary>Reads a section.</summary>
    internal static BatchNormLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) => LayerLowering.NormOrBiases(x, at.Declared(Tensors), ConvolutionalLayer.Momentum);
}
