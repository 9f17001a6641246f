using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.State;

namespace Fovea.Training.Initializers;

/// <summary>
/// The scale of the last batch norm in each residual branch starts at 0, so that blocks start as their shortcuts. Goyal et al. 2017, arXiv:1706.02677,
/// section 5.1. torchvision: <c>zero_init_residual</c>; timm: <c>zero_init_last</c>.
/// </summary>
/// <remarks>
/// A residual branch ends, before the sum with its shortcut, in a norm (behind dropout, drop-path or a gate perhaps). It has at least two convolutions more
/// than the shortcut, or one more than one that projects: parallel branches of one convolution, as RepVGG's, are none.
/// </remarks>
public sealed record ZeroGammaOptions : InitOptions
{
    /// <inheritdoc/>
    public override string Kind => "zero_gamma";

    /// <inheritdoc/>
    public override IEnumerable<(string Name, HostTensor Tensor)> Values(InitContext model)
    {
        var depths = Depths(model.Graph);
        var scales = model.Graph.Nodes.Where(node => node.Op is Add).Select(sum => LastNorm(sum, depths)).OfType<Variable>()
            .Where(scale => IsMeant(scale.Label)).Distinct().ToArray();
        return scales.Length > 0
            ? scales.Select(scale => (scale.Label, HostTensor.Filled(scale.Type.Shape, 0)))
            : throw new TrainingException($"model.init {Kind}: the model has no residual branch that ends in a batch norm; wanted one at least");
    }

    /// <summary>How many convolutions lie one after the other before each value, at most.</summary>
    private static Dictionary<Value, int> Depths(Graph graph)
    {
        var depths = new Dictionary<Value, int>();
        foreach (var node in graph.Nodes)
        {
            var depth = node.Inputs.Select(input => depths[input]).DefaultIfEmpty(0).Max() + (node.Op is Conv2d ? 1 : 0);
            foreach (var result in node.Results) depths[result] = depth;
        }

        return depths;
    }

    private static Variable? LastNorm(Node sum, Dictionary<Value, int> depths)
    {
        var (branch, shortcut) = depths[sum.Inputs[0]] >= depths[sum.Inputs[1]] ? (sum.Inputs[0], sum.Inputs[1]) : (sum.Inputs[1], sum.Inputs[0]);
        var projects = Norm(shortcut) is { } norm && norm.Inputs[0].Op is Conv2d;
        return depths[branch] - depths[shortcut] >= (projects ? 1 : 2) ? Norm(branch)?.Inputs[1].Variable : null;
    }

    /// <summary>The norm that a value comes from.</summary>
    private static Node? Norm(Value value) => value.Op switch
    {
        BatchNorm => value.Node,
        Dropout or RandomBranch or Named or Cast => Norm(value.Node.Inputs[0]),
        Multiply => value.Node.Inputs.Where(input => input.Shape == value.Shape).Select(Norm).FirstOrDefault(norm => norm is not null),
        _ => null,
    };
}
