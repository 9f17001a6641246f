using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary><c>[softmax]</c>: probabilities of all numbers together, or of each of several groups.</summary>
public sealed record SoftmaxLayer : DarknetLayer
{
    private SoftmaxLayer(LayerContext at)
        : base(at.Index, at.Input)
    {
        var options = at.Options;
        Groups = options.Integer("groups", 1, 1, LayerContext.Channels);
        if (Input.Elements % Groups != 0) throw options.Wrong("groups", $"is {Groups}; wanted a divisor of the {Input.Elements} numbers that it takes");
        Temperature = options.Real("temperature", 1, 1e-6, 1e6);
        if (options.Has("tree")) throw options.Wrong("tree", "makes a hierarchy of classes, as YOLO9000 has it; wanted a classifier without one");
        options.Real("spatial", 0);
        options.Pass("spatial", "has no effect, as in Darknet on a CPU");
        HasLoss = !options.Flag("noloss");
    }

    /// <inheritdoc/>
    public override string Kind => "softmax";

    /// <summary>How many groups have probabilities of their own. Default 1.</summary>
    public int Groups { get; }

    /// <summary>What the logits are divided by. Default 1.</summary>
    public double Temperature { get; }

    /// <summary>Whether it has a loss in training. Default true.</summary>
    public bool HasLoss { get; }

    /// <inheritdoc/>
    public override LayerShape Output => new(0, 0, 0, Input.Elements);

    /// <inheritdoc/>
    public override string Row => Text($"softmax                                        {Input.Elements,4}");

    /// <summary>Reads a section.</summary>
    internal static SoftmaxLayer Read(LayerContext at) => new(at);

    /// <summary>What it takes the exponentials of: [N, elements].</summary>
    internal Value Logits(Value x) => Temperature == 1 ? x.Flatten() : x.Flatten().Times(1 / Temperature);

    /// <inheritdoc/>
    internal override Value Lower(LayerLowering at, Value x) =>
        Logits(x).Reshape(new Shape(x.Shape.N, Groups, Input.Elements / Groups)).Softmax().Reshape(new Shape(x.Shape.N, Input.Elements, 1, 1));
}
