using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Kernels;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;

namespace Fovea.Backends.OneDnn;

/// <summary>From a graph to a plan: fuse what primitives fuse, lower node by node, decide what shares memory.</summary>
internal static class PlanCompiler
{
    /// <param name="graph">What is to be computed.</param>
    /// <param name="precisions">In which element type each operation is computed.</param>
    /// <param name="widened">Receives the operations, as objects, that compute in float32 though their operands are bfloat16.</param>
    /// <exception cref="GraphException">A value has more elements than kernels count, in 32 bits with sign.</exception>
    internal static Graph Fuse(Graph graph, Precisions precisions, HashSet<Op>? widened = null)
    {
        foreach (var value in graph.Nodes.SelectMany(node => node.Results))
            if (value.Shape.Elements > int.MaxValue)
                throw new GraphException($"{value.Node}: {value.Type} has {value.Shape.Elements} elements; a plan holds at most {int.MaxValue} in one value");
        return new PassDriver().Run(
            graph, new EliminateDeadNodes(), new EliminateCommonSubexpressions(), new SplitBatchNorms(), new SplitRandomOps(), new FuseConvolutions(Joins),
            new FuseMatMuls(Joins), new FuseIntegers(precisions.ComputesIntegers), new WidenOperations(precisions.Of, widened ?? []), new FuseUpdates(VectorFunctions.Has), new FuseSums(),
            new FuseSlices(), new FuseChannels(), new FuseNormActivations(VectorFunctions.Has), new FuseNormSums(), new FuseMaps(VectorFunctions.Has));
    }

    private static bool Joins(Pointwise function) => Pointwises.Eltwise(function) is not null;

    internal static PlanBuilder Lower(Graph graph, DnnlApi api, VariableStore variables, IReadOnlySet<Op> widened, bool keepsCasts)
    {
        var plan = new PlanBuilder(api, graph, variables, widened);
        ChooseWeightLayouts(graph, plan);
        foreach (var node in graph.Nodes)
        {
            if (node.Op is Variable) continue;
            var lower = KernelTable.Find(node.Op) ?? throw new GraphException($"{node}: the oneDNN backend has no kernel for {node.Op.Name}");
            lower(node, plan);
        }

        Finish(graph, plan);
        plan.Hints.Dispose();
        if (!keepsCasts) JoinCasts.Apply(plan);
        Live(plan);
        return plan;
    }

    /// <summary>A weight that an update changes is kept in the layout in which its gradient arrives, so that updating needs no reorder.</summary>
    private static void ChooseWeightLayouts(Graph graph, PlanBuilder plan)
    {
        foreach (var (weight, next) in graph.Updates)
            if (weight.Variable!.Kind == VariableKind.Parameter && FindWeightGradient(next) is { } gradient)
                plan.Preferred[weight] = ConvKernels.GradientLayout(gradient, plan);
    }

    private static Node? FindWeightGradient(Value gradient, int depth = 0) => gradient.Op switch
    {
        Conv2dWeightGradient => gradient.Node,
        Cast or Map when depth < 8 => gradient.Node.Inputs.Where(input => input.Shape == gradient.Shape)
            .Select(input => FindWeightGradient(input, depth + 1)).FirstOrDefault(found => found is not null),
        _ => null,
    };

    /// <summary>Brings outputs to plain buffers of their own, and next values to their variables.</summary>
    private static void Finish(Graph graph, PlanBuilder plan)
    {
        foreach (var (name, value) in graph.Outputs)
        {
            var output = plan.NewKept(plan.Layouts.Plain(value.Type), isConstant: false);
            plan.EmitReorder(null, plan.Reshaped(value, output.Desc.Dims), output);
            plan.Outputs[name] = output;
        }

        // All variables change at once: what one takes from another is read before that is written.
        var updates = new List<(Buffer From, Buffer To)>();
        foreach (var (variable, next) in graph.Updates)
        {
            var from = plan.Of(next);
            var to = plan.VariableLike(variable, from.Desc);
            if (from.Root == to.Root) continue;
            if (from.Kind == BufferKind.Variable && !from.IsConstant)
            {
                var held = plan.New(from.Desc);
                plan.EmitReorder(null, from, held);
                from = held;
            }

            updates.Add((from, to));
        }

        foreach (var (from, to) in updates) plan.EmitReorder(null, from, to);
    }

    /// <summary>Sets the life of every root, and lets results take the place of operands that die at the same step.</summary>
    private static void Live(PlanBuilder plan)
    {
        for (var i = 0; i < plan.Main.Count; i++)
            foreach (var buffer in plan.Main[i].Reads.Concat(plan.Main[i].Writes))
            {
                if (buffer.Root.First < 0) buffer.Root.First = i;
                buffer.Root.Last = i;
            }

        for (var i = 0; i < plan.Main.Count; i++)
            foreach (var (read, write) in plan.Main[i].InPlace) TryInPlace(plan.Main[i].Reads[read], plan.Main[i].Writes[write], i);
        foreach (var buffer in plan.Buffers) buffer.Resolve();
    }

    private static void TryInPlace(Buffer read, Buffer result, int step)
    {
        var operand = read.Resolve();
        if (read.ByteOffset != 0 || read.Bytes != operand.Bytes) return;
        if (operand.Kind != BufferKind.Arena || operand.Last != step || result.Root != result || result.Kind != BufferKind.Arena) return;
        if (result.First != step || result.Bytes > operand.Bytes || operand == result) return;
        operand.Last = result.Last;
        result.Replace(operand);
    }
}
