using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Reductions, losses, random draws and parameter updates: kernels of our own over plain or like layouts.</summary>
internal static class ReduceKernels
{
    internal static void Reduce(Node node, PlanBuilder plan)
    {
        var op = (Reduce)node.Op;
        var x = plan.Plain(node.Inputs[0]);
        var y = plan.Define(node.Result, Plain(plan, node.Result));
        plan.Emit(node, new ReduceKernel(op, node.Inputs[0].Type), [x], [y]);
    }

    internal static void SquaredNorm(Node node, PlanBuilder plan)
    {
        var parts = node.Inputs.Select(plan.Of).ToArray();
        plan.Emit(node, new SquaredNormKernel([.. parts.Select(part => part.Desc.PaddedElements)]), parts, [plan.Define(node.Result, Plain(plan, node.Result))]);
    }

    internal static void CrossEntropy(Node node, PlanBuilder plan)
    {
        var (logits, target) = (node.Inputs[0], node.Inputs[1]);
        var smoothing = ((SoftmaxCrossEntropy)node.Op).LabelSmoothing;
        plan.Emit(
            node, new CrossEntropy(logits.Shape.N, logits.Shape.C, smoothing, soft: target.Type.DType == DType.Float32),
            [plan.Plain(logits), plan.Plain(target)], [plan.Define(node.Result, Plain(plan, node.Result))]);
    }

    internal static void CrossEntropyGradient(Node node, PlanBuilder plan)
    {
        var (logits, target) = (node.Inputs[0], node.Inputs[1]);
        var smoothing = ((SoftmaxCrossEntropyGradient)node.Op).LabelSmoothing;
        plan.Emit(
            node, new CrossEntropyGradient(logits.Shape.N, logits.Shape.C, smoothing, soft: target.Type.DType == DType.Float32),
            [plan.Plain(logits), plan.Plain(target), plan.Plain(node.Inputs[2])], [plan.Define(node.Result, Plain(plan, node.Result))]);
    }

    internal static void RandomDropout(Node node, PlanBuilder plan)
    {
        var x = plan.Plain(node.Inputs[0]);
        plan.Emit(
            node, new DropoutKernel((RandomDropout)node.Op, node.Result.Type), [x, plan.Plain(node.Inputs[1])],
            [plan.Define(node.Result, Plain(plan, node.Result))], inPlace: (0, 0));
    }

    internal static Interop.MemoryDesc Plain(PlanBuilder plan, Value value) => plan.Api.Plain(value.Type.DType, PlanBuilder.Logical(value.Shape));
}
