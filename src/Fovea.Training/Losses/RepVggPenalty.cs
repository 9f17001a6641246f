using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.State;

namespace Fovea.Training.Losses;

/// <summary>The L2 penalty of the official RepVGG code (<c>get_custom_L2</c>), of all blocks that sum a normalised 3×3 and 1×1 convolution.</summary>
/// <remarks>
/// With the kernels K₃ and K₁, c the centre of K₃ and t = γ/√(σ² + ε) of each norm, taken for constant:
/// ΣK₃² − Σc² + Σ(c·t₃ + K₁·t₁)²/(t₃² + t₁²). σ² is the running variance before the step.
/// </remarks>
public static class RepVggPenalty
{
    private const double LeastSquares = 1e-30;

    /// <summary>The penalty of each block, f32 [], in the order of the graph; none where the model has no such block.</summary>
    /// <param name="graph">A model, in its training form or not.</param>
    public static IReadOnlyList<Value> Each(Graph graph) => [.. Blocks(graph).Select(Of)];

    /// <summary>The sum over all blocks, f32 [].</summary>
    /// <exception cref="TrainingException">The model has no such block.</exception>
    internal static Value Of(Graph graph) => Each(graph) is { Count: > 0 } blocks
        ? blocks.Aggregate((sum, block) => sum.Plus(block))
        : throw new TrainingException($"loss.custom_l2: the model {graph.Name} sums no 3×3 and 1×1 convolutions; wanted a RepVGG, or custom_l2: 0");

    private static Value Of((Branch Wide, Branch Point) block)
    {
        var (k3, k1) = (block.Wide.Kernel, block.Point.Kernel);
        var centre = k3.Slice(2, 1, 1).Slice(3, 1, 1);
        var (t3, t1) = (Factor(block.Wide), Factor(block.Point));
        // Channels that both norms switch off have no kernel to speak of, and no penalty.
        var equal = centre.Times(t3).Plus(k1.Times(t1)).Square().Over(t3.Square().Plus(t1.Square()).Plus(LeastSquares));
        return k3.Square().Sum().Minus(centre.Square().Sum()).Plus(equal.Sum());
    }

    private static Value Factor(Branch branch)
    {
        var t = branch.Gamma.Times(branch.Variance.Plus(branch.Epsilon).ReciprocalSqrt());
        return t.StopGradient().Reshape(new Shape(t.Shape[0], 1, 1, 1));
    }

    /// <summary>Pairs of branches whose results meet in one sum.</summary>
    private static List<(Branch Wide, Branch Point)> Blocks(Graph graph)
    {
        var terms = new Dictionary<Value, Branch[]>();
        var found = new List<(Branch, Branch)>();
        foreach (var node in graph.Nodes)
        {
            if (Branch.Of(node) is { } branch) terms[node.Result] = [branch];
            if (node.Op is not Add) continue;
            var all = node.Inputs.SelectMany(input => terms.GetValueOrDefault(input, [])).ToArray();
            terms[node.Result] = all;
            foreach (var wide in all.Where(term => term.Size == 3))
                if (Array.Find(all, term => term.Size == 1 && term.Input == wide.Input) is { } point && !found.Contains((wide, point)))
                    found.Add((wide, point));
        }

        return found;
    }

    /// <summary>A normalised convolution.</summary>
    private sealed record Branch(Value Input, Value Kernel, Value Gamma, Value Variance, double Epsilon)
    {
        internal int Size => Kernel.Shape[2];

        internal static Branch? Of(Node node)
        {
            var epsilon = node.Op switch { BatchNormTraining training => training.Epsilon, BatchNorm norm => norm.Epsilon, _ => (double?)null };
            if (epsilon is not { } e) return null;
            if (node.Inputs[0].Node is not { Op: Conv2d, Inputs: [var x, { Variable.Kind: VariableKind.Parameter } kernel] }) return null;
            if (kernel.Shape is not { H: 1, W: 1 } and not { H: 3, W: 3 }) return null;
            var gamma = node.Inputs[1];
            var label = gamma.Variable is { } variable ? $"{Variable.ModuleOf(variable.Label)}.running_var" : "";
            return node.Graph.Find(label) is { } variance ? new(x, kernel, gamma, variance, e) : null;
        }
    }
}
