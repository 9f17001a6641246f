using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>What changes variables: optimisers and averages, in the layout of the variable and in its memory.</summary>
internal static class UpdateKernels
{
    internal static void Sgd(Node node, PlanBuilder plan)
    {
        var op = (SgdStep)node.Op;
        var hasMomentum = node.Results.Count > 1;
        Update(node, plan, vectors: hasMomentum ? 3 : 2, elements => new SgdKernel(op, hasMomentum, elements));
    }

    internal static void AdamW(Node node, PlanBuilder plan) => Update(node, plan, vectors: 4, elements => new AdamWKernel((AdamWStep)node.Op, elements));

    internal static void Ema(Node node, PlanBuilder plan) => Update(node, plan, vectors: 2, elements => new BlendKernel(0, 0, readsDecay: true, elements));

    internal static void Blend(Node node, PlanBuilder plan)
    {
        var op = (Blend)node.Op;
        if (node.Result.Type.DType != DType.Float32)
        {
            plan.Emit(
                node, new StridedMap("fovea:blend", node, (a, b) => (op.Alpha * a) + (op.Beta * b)), [.. node.Inputs.Select(plan.Plain)],
                [plan.Define(node.Result, plan.Layouts.Plain(node.Result.Type))]);
            return;
        }

        Update(node, plan, vectors: 2, elements => new BlendKernel(op.Alpha, op.Beta, readsDecay: false, elements));
    }

    /// <summary>
    /// All vectors take the layout of the first input that is already placed, variables of unknown layout included. Result i follows vector
    /// 0 for the first and vector i + 1 for the others: w, g, v → w', v' as much as ema, w → ema'.
    /// </summary>
    private static void Update(Node node, PlanBuilder plan, int vectors, Func<long, Kernel> kernel)
    {
        var layout = Layout(node, plan, vectors);
        var reads = new Buffer[node.Inputs.Count];
        for (var i = 0; i < reads.Length; i++) reads[i] = i < vectors ? Vector(plan, node.Inputs[i], layout) : plan.Plain(node.Inputs[i]);
        var writes = new Buffer[node.Results.Count];
        for (var i = 0; i < writes.Length; i++)
        {
            var source = node.Inputs[i == 0 ? 0 : i + 1];
            var isHome = source.Variable is not null && plan.Of(source).Desc == layout;
            writes[i] = isHome ? plan.Let(node.Results[i], plan.Next(node.Results[i], source, node)) : plan.Define(node.Results[i], layout);
        }

        plan.Emit(node, kernel(layout.PaddedElements), reads, writes);
    }

    /// <summary>A parameter's own layout, or else that of the first computed vector.</summary>
    private static MemoryDesc Layout(Node node, PlanBuilder plan, int vectors)
    {
        var first = node.Inputs[0];
        if (first.Variable is null || plan.IsPlaced(first)) return plan.Of(first).Desc;
        var placed = node.Inputs.Take(vectors).FirstOrDefault(plan.IsPlaced);
        return placed is null ? plan.Of(first).Desc : plan.VariableLike(first, plan.Of(placed).Desc).Desc;
    }

    private static Buffer Vector(PlanBuilder plan, Value value, MemoryDesc layout)
    {
        if (value.Variable is not null) plan.VariableLike(value, layout);
        return plan.As(value, layout);
    }
}
