using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Softmax along an axis and its gradient.</summary>
internal static class SoftmaxKernels
{
    internal static void Forward(Node node, PlanBuilder plan)
    {
        var x = plan.Plain(node.Inputs[0]);
        var desc = Describe(node, plan, x, ((Softmax)node.Op).Axis);
        plan.Emit(node, node.Op.Name, desc, [(DnnlArg.DNNL_ARG_SRC, x)], [(DnnlArg.DNNL_ARG_DST, plan.Define(node.Result, x.Desc))]);
    }

    internal static void Gradient(Node node, PlanBuilder plan)
    {
        var (y, dy) = (plan.Plain(node.Inputs[0]), plan.Plain(node.Inputs[1]));
        var axis = ((SoftmaxGradient)node.Op).Axis;
        using var hint = Describe(node, plan, y, axis);
        var desc = plan.Api.SoftmaxBackward(SoftmaxKind.Softmax, y.Desc, y.Desc, y.Desc, axis, hint)
            ?? throw new NativeException($"{node}: oneDNN {plan.Api.Library.Version} has no softmax gradient of {y.Desc}");
        plan.Emit(
            node, node.Op.Name, desc, [(DnnlArg.DNNL_ARG_DST, y), (DnnlArg.DNNL_ARG_DIFF_DST, dy)],
            [(DnnlArg.DNNL_ARG_DIFF_SRC, plan.Define(node.Result, y.Desc))]);
    }

    private static PrimitiveDesc Describe(Node node, PlanBuilder plan, Buffer x, int axis) =>
        plan.Api.SoftmaxForward(Propagation.Training, SoftmaxKind.Softmax, x.Desc, x.Desc, axis)
        ?? throw new NativeException($"{node}: oneDNN {plan.Api.Library.Version} has no softmax of {x.Desc}");
}
