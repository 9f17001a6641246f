using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Reductions, losses and random draws: kernels of our own over plain or like layouts.</summary>
internal static class ReduceKernels
{
    internal static void SquaredNorm(Node node, PlanBuilder plan)
    {
        var parts = node.Inputs.Select(plan.Of).ToArray();
        plan.Emit(node, new SquaredNormKernel([.. parts.Select(part => part.Desc.PaddedElements)]), parts,
            [plan.Define(node.Result, plan.Layouts.Plain(node.Result.Type))]);
    }

    internal static void CrossEntropy(Node node, PlanBuilder plan)
    {
        var kernel = new CrossEntropy(Target(node, ((SoftmaxCrossEntropy)node.Op).LabelSmoothing));
        plan.Emit(node, kernel, [plan.Plain(node.Inputs[0]), plan.Plain(node.Inputs[1])], [plan.Define(node.Result, plan.Layouts.Plain(node.Result.Type))]);
    }

    internal static void CrossEntropyGradient(Node node, PlanBuilder plan)
    {
        var kernel = new CrossEntropyGradient(Target(node, ((SoftmaxCrossEntropyGradient)node.Op).LabelSmoothing));
        plan.Emit(node, kernel, [.. node.Inputs.Select(plan.Plain)], [plan.Define(node.Result, plan.Layouts.Plain(node.Result.Type))]);
    }

    internal static void RandomDropout(Node node, PlanBuilder plan)
    {
        var (op, x) = ((RandomDropout)node.Op, plan.Plain(node.Inputs[0]));
        plan.Emit(
            node,
            x.Desc.DType == DType.BFloat16
                ? new DropoutKernel<BFloat16Numbers>(op, node.Result.Shape.Elements)
                : new DropoutKernel<Float32Numbers>(op, node.Result.Shape.Elements),
            [x, plan.Plain(node.Inputs[1])],
            [plan.Define(node.Result, plan.Layouts.Plain(node.Result.Type))], inPlace: [(0, 0)],
            new(() => new DropoutKernel<MixedNumbers>(op, node.Result.Shape.Elements)) { LoadsAll = _ => true });
    }

    internal static void RandomFactors(Node node, PlanBuilder plan) => plan.Emit(
        node, new RandomFactorsKernel((Fusion.RandomFactors)node.Op), [plan.Plain(node.Inputs[0])],
        [plan.Define(node.Result, plan.Layouts.Plain(node.Result.Type))]);

    private static CrossEntropyTarget Target(Node node, double smoothing) =>
        new(node.Inputs[0].Shape.N, node.Inputs[0].Shape.C, smoothing, soft: node.Inputs[1].Type.DType == DType.Float32);
}
