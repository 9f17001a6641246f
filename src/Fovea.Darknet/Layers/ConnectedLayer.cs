using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary><c>[connected]</c>: every output from every input, with a norm or biases, and an activation.</summary>
public sealed record ConnectedLayer : DarknetLayer
{
    /// <summary>The weight of a batch in the running statistics (<c>forward_connected_layer</c>).</summary>
    public const double Momentum = 0.05;

    private ConnectedLayer(LayerContext at)
        : base(at.Index, at.Input)
    {
        Outputs = at.Options.Integer("output", 1, 1, LayerContext.Channels, isTold: true);
        Activation = at.Activation("logistic");
        IsNormalised = at.Options.Flag("batch_normalize");
        at.Weights((Int128)Input.Elements * Outputs);
    }

    /// <inheritdoc/>
    public override string Kind => "connected";

    /// <summary>Outputs. Default 1.</summary>
    public int Outputs { get; }

    /// <summary>What follows. Default logistic.</summary>
    public DarknetActivation Activation { get; }

    /// <summary>Whether it has a norm.</summary>
    public bool IsNormalised { get; }

    /// <inheritdoc/>
    public override LayerShape Output => LayerShape.Vector(Outputs);

    /// <inheritdoc/>
    public override IReadOnlyList<LayerTensor> Tensors =>
    [
        LayerTensor.Biases(Index, Outputs),
        new(Index, "weights", new(Outputs, Input.Elements), LayerTensor.Usual(Input.Elements)) { Order = MatrixOrder.AsHeader },
        .. IsNormalised ? LayerTensor.OfNorm(Index, Outputs) : [],
    ];

    /// <inheritdoc/>
    public override string Row => Text($"connected                            {Input.Elements,4}  ->  {Outputs,4}");

    /// <inheritdoc/>
    internal override (int Width, int Height, int Outputs) Averaged => (1, 1, Outputs);

    /// <summary>Reads a section.</summary>
    internal static ConnectedLayer Read(LayerContext at) => new(at);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x)
    {
        var tensors = at.Declared(Tensors);
        x = x.Flatten().MatMul(tensors["weights"], transposeB: true).Reshape(new Shape(x.Shape.N, Outputs, 1, 1));
        return Activation.Of(LayerLowering.NormOrBiases(x, tensors, Momentum));
    }
}
