using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Maximum and average pooling with their gradients.</summary>
internal static class PoolKernels
{
    internal static void Max(Node node, PlanBuilder plan)
    {
        var op = (MaxPool)node.Op;
        var desc = Forward(node, plan, node.Inputs[0], node.Result.Shape, PoolingKind.Max, Window(op.KernelH, op.KernelW, op.Window));
        var writes = new List<(int, Buffer)> { (DnnlArg.DNNL_ARG_DST, plan.Define(node.Result, desc.Query(DnnlArg.DNNL_ARG_DST)!)) };
        if (desc.Workspace is { } indices)
        {
            var workspace = plan.New(indices);
            plan.KeepWorkspace(node.Inputs[0], op, workspace);
            writes.Add((DnnlArg.DNNL_ARG_WORKSPACE, workspace));
        }

        plan.Emit(node, node.Op.Name, desc, [(DnnlArg.DNNL_ARG_SRC, plan.Of(node.Inputs[0]))], [.. writes]);
    }

    internal static void MaxGradient(Node node, PlanBuilder plan)
    {
        var op = (MaxPoolGradient)node.Op;
        var (x, dy) = (node.Inputs[0], node.Inputs[1]);
        var forward = new MaxPool(op.KernelH, op.KernelW, op.Window);
        var window = Window(op.KernelH, op.KernelW, op.Window);
        using var hint = Forward(node, plan, x, dy.Shape, PoolingKind.Max, window);
        var desc = Backward(node, plan, PoolingKind.Max, plan.Of(x).Desc, hint.Query(DnnlArg.DNNL_ARG_DST)!, window, hint);
        var indices = plan.Workspace(x, forward) ?? Recompute(node, plan, forward);
        plan.Emit(
            node, node.Op.Name, desc,
            [(DnnlArg.DNNL_ARG_DIFF_DST, plan.As(dy, desc.Query(DnnlArg.DNNL_ARG_DIFF_DST)!)), (DnnlArg.DNNL_ARG_WORKSPACE, indices)],
            [(DnnlArg.DNNL_ARG_DIFF_SRC, plan.Define(node.Result, desc.Query(DnnlArg.DNNL_ARG_DIFF_SRC)!))]);
    }

    internal static void Average(Node node, PlanBuilder plan)
    {
        var op = (AvgPool)node.Op;
        var desc = Forward(node, plan, node.Inputs[0], node.Result.Shape, Kind(op.CountPadding), Window(op.KernelH, op.KernelW, op.Window));
        plan.Emit(
            node, node.Op.Name, desc, [(DnnlArg.DNNL_ARG_SRC, plan.Of(node.Inputs[0]))],
            [(DnnlArg.DNNL_ARG_DST, plan.Define(node.Result, desc.Query(DnnlArg.DNNL_ARG_DST)!))]);
    }

    internal static void AverageGradient(Node node, PlanBuilder plan)
    {
        var op = (AvgPoolGradient)node.Op;
        var dy = node.Inputs[0];
        var window = Window(op.KernelH, op.KernelW, op.Window);
        var layout = plan.PooledLayout(op.X, dy);
        using var hint = plan.Api.PoolingForward(
            Propagation.Training, Kind(op.CountPadding), layout, plan.Api.Any(dy.Type.DType, dy.Shape), window) ?? throw Unimplemented(node, plan, layout);
        var desc = Backward(node, plan, Kind(op.CountPadding), layout, hint.Query(DnnlArg.DNNL_ARG_DST)!, window, hint);
        plan.Emit(
            node, node.Op.Name, desc, [(DnnlArg.DNNL_ARG_DIFF_DST, plan.As(dy, desc.Query(DnnlArg.DNNL_ARG_DIFF_DST)!))],
            [(DnnlArg.DNNL_ARG_DIFF_SRC, plan.Define(node.Result, layout))]);
    }

    /// <summary>The indices of the maxima, where no forward step of this plan has left them.</summary>
    private static Buffer Recompute(Node node, PlanBuilder plan, MaxPool op)
    {
        var x = node.Inputs[0];
        var desc = Forward(node, plan, x, node.Inputs[1].Shape, PoolingKind.Max, Window(op.KernelH, op.KernelW, op.Window));
        var workspace = plan.New(desc.Workspace!);
        plan.Emit(
            node, "max_pool", desc, [(DnnlArg.DNNL_ARG_SRC, plan.Of(x))],
            [(DnnlArg.DNNL_ARG_DST, plan.New(desc.Query(DnnlArg.DNNL_ARG_DST)!)), (DnnlArg.DNNL_ARG_WORKSPACE, workspace)]);
        return workspace;
    }

    private static PrimitiveDesc Forward(Node node, PlanBuilder plan, Value x, Shape y, PoolingKind kind, PoolingWindow window)
    {
        var src = plan.Of(x).Desc;
        return plan.Api.PoolingForward(
            plan.IsTraining || node.Op is MaxPoolGradient ? Propagation.Training : Propagation.Inference, kind, src, plan.Api.Any(x.Type.DType, y), window)
            ?? throw Unimplemented(node, plan, src);
    }

    private static PrimitiveDesc Backward(
        Node node, PlanBuilder plan, PoolingKind kind, MemoryDesc diffSrc, MemoryDesc diffDst, PoolingWindow window, PrimitiveDesc hint) =>
        plan.Api.PoolingBackward(kind, diffSrc, diffDst, window, hint) ?? throw Unimplemented(node, plan, diffSrc);

    private static PoolingKind Kind(bool countPadding) => countPadding ? PoolingKind.AverageIncludePadding : PoolingKind.AverageExcludePadding;

    private static PoolingWindow Window(int h, int w, Window2d window) => new(
        new Shape(h, w), new Shape(window.StrideH, window.StrideW), new Shape(window.Top, window.Left), new Shape(window.Bottom, window.Right));

    private static NativeException Unimplemented(Node node, PlanBuilder plan, MemoryDesc x) =>
        new($"{node}: oneDNN {plan.Api.Library.Version} has no pooling of {x}");
}
