using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Training.Initializers;

/// <summary>What initial values may follow from.</summary>
/// <param name="Graph">The inference graph of the model, for one image.</param>
/// <param name="Seed">The key of all draws.</param>
/// <param name="ClassCounts">How many training images each class has, by number; empty where that is not known.</param>
public sealed record InitContext(Graph Graph, ulong Seed, IReadOnlyList<int> ClassCounts)
{
    private const string Purpose = "initial";

    /// <summary>The weights of linear layers and convolutions, in the order of their declaration.</summary>
    public IEnumerable<InitWeight> LayerWeights
    {
        get
        {
            var axes = OutputAxes();
            return Parameters.Where(axes.ContainsKey).Select(value => InitWeight.Of(value.Variable!, axes[value]));
        }
    }

    /// <summary>All parameters in the order of their declaration; those of no layer count their outputs along the first axis.</summary>
    public IEnumerable<InitWeight> AllParameters
    {
        get
        {
            var axes = OutputAxes();
            return Parameters.Select(value => InitWeight.Of(value.Variable!, axes.GetValueOrDefault(value, 0)));
        }
    }

    private IEnumerable<Value> Parameters => Graph.Variables.Where(value => value.Variable!.Kind == VariableKind.Parameter);

    /// <summary>The draws for a parameter.</summary>
    public Philox Draws(string name) => new(Seed, Philox.Stream(Purpose, name));

    /// <summary>The axis of the outputs of each weight that a layer multiplies with.</summary>
    private Dictionary<Value, int> OutputAxes()
    {
        var axes = new Dictionary<Value, int>();
        foreach (var node in Graph.Nodes)
        {
            if (node.Op is Conv2d && Weight(node.Inputs[1]) is { } kernel) axes.TryAdd(kernel, 0);
            if (node.Op is not MatMul product) continue;
            if (Weight(node.Inputs[1]) is { } right) axes.TryAdd(right, right.Shape.Rank - (product.TransposeB ? 2 : 1));
            if (Weight(node.Inputs[0]) is { } left) axes.TryAdd(left, left.Shape.Rank - (product.TransposeA ? 1 : 2));
        }

        return axes;
    }

    /// <summary>The parameter of two axes or more that a value is, under another name or in another type perhaps.</summary>
    private static Value? Weight(Value value) => value.Op switch
    {
        Variable { Kind: VariableKind.Parameter } when value.Shape.Rank >= 2 => value,
        Named or Cast => Weight(value.Node.Inputs[0]),
        _ => null,
    };
}
