using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Models.Parity;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Sweep.Tests;

/// <summary>A model at a size, with weights and images that follow from names.</summary>
internal sealed record Subject(ModelRow Row, ModelOptions Options)
{
    /// <summary>Three images: a norm over two numbers is ±1 whatever they are, and has no gradient.</summary>
    internal const int Batch = 3;

    /// <summary>The model, built anew.</summary>
    internal Graph Build() => new StartAtZero().Apply(Row.Build(Options, Batch));

    /// <summary>
    /// A value for each parameter and state, none of them special: a norm that starts at zero would keep gradients from its branch. One at a time.
    /// </summary>
    internal IEnumerable<(string Label, HostTensor Tensor)> Weights(string salt) => Row.Build(Options, Batch).Variables.Select(value => value.Variable!)
        .Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State)
        .Select(variable => (variable.Label, Filled(variable, salt)));

    internal HostTensor Images(Graph graph) => FixtureTensors.Blocks(graph.Variable("input").Shape, Row.Name);

    private static HostTensor Filled(Variable variable, string salt)
    {
        var (shape, seed) = (variable.Type.Shape, FixtureTensors.Seed(salt, variable.Label));
        return Rule(variable) is { } rule ? FixtureTensors.Filled(rule, shape, seed) : variable.Initial.Make(shape, variable.Label, seed);
    }

    /// <summary>The rule of fixtures that fits a variable; null for masks and their like, which are what they are.</summary>
    private static string? Rule(Variable variable) => variable.Label.Split('.')[^1] switch
    {
        "running_var" => "var",
        "running_mean" => "mean",
        _ when variable.Kind == VariableKind.State => null,
        _ when variable.Type.Shape.Rank > 1 => "weight",
        "weight" => "norm_weight",
        _ => "bias",
    };

    /// <summary>A new session need not draw what is written over at once; and what is not written over is noticed.</summary>
    private sealed class StartAtZero : Pass
    {
        public override string Name => "start_at_zero";

        protected override Value[]? Rewrite(Node node, Remap to) =>
            node.Op is Variable variable ? [to.Graph.Declare(variable with { Initial = Initializer.Zeros })] : null;
    }
}
