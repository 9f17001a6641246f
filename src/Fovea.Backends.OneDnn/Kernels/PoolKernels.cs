using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Execution;
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
        var (desc, x) = Forward(node, plan, node.Inputs[0], node.Result.Shape, PoolingKind.Max, Window(op.KernelH, op.KernelW, op.Window));
        var writes = new List<(int, Buffer)> { (DnnlArg.DNNL_ARG_DST, plan.Define(node.Result, desc.Query(DnnlArg.DNNL_ARG_DST)!)) };
        if (desc.Workspace is { } indices)
        {
            var workspace = plan.New(indices);
            plan.Workspaces.Keep(node.Inputs[0], op, workspace);
            writes.Add((DnnlArg.DNNL_ARG_WORKSPACE, workspace));
        }

        plan.Emit(node, node.Op.Name, desc, [(DnnlArg.DNNL_ARG_SRC, plan.As(node.Inputs[0], x))], [.. writes]);
    }

    internal static void MaxGradient(Node node, PlanBuilder plan)
    {
        var op = (MaxPoolGradient)node.Op;
        var (x, dy) = (node.Inputs[0], node.Inputs[1]);
        var forward = new MaxPool(op.KernelH, op.KernelW, op.Window);
        var window = Window(op.KernelH, op.KernelW, op.Window);
        var (forwardDesc, layout) = Forward(node, plan, x, dy.Shape, PoolingKind.Max, window);
        using var hint = forwardDesc;
        var desc = plan.Api.PoolingBackward(PoolingKind.Max, layout, hint.Query(DnnlArg.DNNL_ARG_DST)!, window, hint)
            ?? throw Unimplemented(node, plan, layout);
        var indices = plan.Workspaces.Find(x, forward) ?? Recompute(node, plan, forward);
        plan.Emit(
            node, node.Op.Name, desc,
            [(DnnlArg.DNNL_ARG_DIFF_DST, plan.As(dy, desc.Query(DnnlArg.DNNL_ARG_DIFF_DST)!)), (DnnlArg.DNNL_ARG_WORKSPACE, indices)],
            [(DnnlArg.DNNL_ARG_DIFF_SRC, plan.Define(node.Result, desc.Query(DnnlArg.DNNL_ARG_DIFF_SRC)!))]);
    }

    internal static void Average(Node node, PlanBuilder plan)
    {
        var op = (AvgPool)node.Op;
        var (desc, x) = Forward(node, plan, node.Inputs[0], node.Result.Shape, Kind(op.CountPadding), Window(op.KernelH, op.KernelW, op.Window));
        plan.Emit(
            node, node.Op.Name, desc, [(DnnlArg.DNNL_ARG_SRC, plan.As(node.Inputs[0], x))],
            [(DnnlArg.DNNL_ARG_DST, plan.Define(node.Result, desc.Query(DnnlArg.DNNL_ARG_DST)!))]);
    }

    internal static void AverageGradient(Node node, PlanBuilder plan)
    {
        var op = (AvgPoolGradient)node.Op;
        var dy = node.Inputs[0];
        var window = Window(op.KernelH, op.KernelW, op.Window);
        var (desc, layout) = Optimised(plan, Layout(plan, op.X, dy), diffSrc =>
        {
            using var hint = plan.Api.PoolingForward(Propagation.Training, Kind(op.CountPadding), diffSrc, plan.Api.Any(dy.Type.DType, dy.Shape), window);
            return hint is null ? null : plan.Api.PoolingBackward(Kind(op.CountPadding), diffSrc, hint.Query(DnnlArg.DNNL_ARG_DST)!, window, hint);
        }) ?? throw Unimplemented(node, plan, Layout(plan, op.X, dy));
        plan.Emit(
            node, node.Op.Name, desc, [(DnnlArg.DNNL_ARG_DIFF_DST, plan.As(dy, desc.Query(DnnlArg.DNNL_ARG_DIFF_DST)!))],
            [(DnnlArg.DNNL_ARG_DIFF_SRC, plan.Define(node.Result, layout))]);
    }

    /// <summary>The layout for the gradient of a pooled image: that of the image itself where this plan has it.</summary>
    private static MemoryDesc Layout(PlanBuilder plan, Shape x, Value dy)
    {
        var pool = plan.Graph.Nodes.FirstOrDefault(node =>
            node.Op is AvgPool or MaxPool && node.Inputs[0].Shape == x && node.Result.Shape == dy.Shape && plan.IsPlaced(node.Inputs[0]));
        return pool is null ? plan.Layouts.Like(plan.LayoutOf(dy), dy.Type with { Shape = x }) : plan.LayoutOf(pool.Inputs[0]).WithDType(dy.Type.DType);
    }

    /// <summary>Whether the library has optimised pooling for the operands of a node as they are, in any layout; likewise the others.</summary>
    internal static bool HasMax(Node node, DnnlApi api)
    {
        var x = node.Inputs[0].Type;
        var kernel = node.Op is MaxPoolGradient gradient ? new MaxPool(gradient.KernelH, gradient.KernelW, gradient.Window) : (MaxPool)node.Op;
        var (y, window) = (kernel.Infer([x])[0], Window(kernel.KernelH, kernel.KernelW, kernel.Window));
        return HasForward(api, x, y, PoolingKind.Max, window);
    }

    internal static bool HasAverage(Node node, DnnlApi api)
    {
        var op = (AvgPool)node.Op;
        return FuseMaps.IsWhole(op, node.Inputs[0].Shape)
            || HasForward(api, node.Inputs[0].Type, node.Result.Type, Kind(op.CountPadding), Window(op.KernelH, op.KernelW, op.Window));
    }

    internal static bool HasAverageGradient(Node node, DnnlApi api)
    {
        var op = (AvgPoolGradient)node.Op;
        return FuseMaps.IsWhole(op)
            || HasForward(api, node.Result.Type, node.Inputs[0].Type, Kind(op.CountPadding), Window(op.KernelH, op.KernelW, op.Window));
    }

    private static bool HasForward(DnnlApi api, TensorType x, TensorType y, PoolingKind kind, PoolingWindow window) =>
        new[] { api.ChannelBlocks(x.DType, x.Shape, 16), api.ChannelsLast(x.DType, x.Shape), api.ChannelBlocks(x.DType, x.Shape, 8) }.Any(
            layout => Precisions.IsFast(api.PoolingForward(Propagation.Training, kind, layout, api.Any(y.DType, y.Shape), window)));

    /// <summary>The indices of the maxima, where no forward step of this plan has left them.</summary>
    private static Buffer Recompute(Node node, PlanBuilder plan, MaxPool op)
    {
        var x = node.Inputs[0];
        var (desc, layout) = Forward(node, plan, x, node.Inputs[1].Shape, PoolingKind.Max, Window(op.KernelH, op.KernelW, op.Window));
        var workspace = plan.New(desc.Workspace!);
        plan.Emit(
            node, "max_pool", desc, [(DnnlArg.DNNL_ARG_SRC, plan.As(x, layout))],
            [(DnnlArg.DNNL_ARG_DST, plan.New(desc.Query(DnnlArg.DNNL_ARG_DST)!)), (DnnlArg.DNNL_ARG_WORKSPACE, workspace)]);
        return workspace;
    }

    /// <summary>A pooling, and the layout in which it reads the image.</summary>
    private static (PrimitiveDesc Desc, MemoryDesc X) Forward(Node node, PlanBuilder plan, Value x, Shape y, PoolingKind kind, PoolingWindow window)
    {
        var propagation = plan.IsTraining || node.Op is MaxPoolGradient ? Propagation.Training : Propagation.Inference;
        return Optimised(plan, plan.LayoutOf(x), src => plan.Api.PoolingForward(propagation, kind, src, plan.Api.Any(x.Type.DType, y), window))
            ?? throw Unimplemented(node, plan, plan.LayoutOf(x));
    }

    /// <summary>
    /// What is described in the image's own layout, or, where that has no optimised implementation, as channel blocks of four have none, in the first
    /// layout that has.
    /// </summary>
    private static (PrimitiveDesc Desc, MemoryDesc X)? Optimised(PlanBuilder plan, MemoryDesc own, Func<MemoryDesc, PrimitiveDesc?> describe)
    {
        var (api, type, dims) = (plan.Api, own.DType, own.Dims);
        var first = describe(own);
        if (first is not null && !Implementations.IsSlow(first.Implementation)) return (first, own);
        foreach (var layout in new[] { api.ChannelBlocks(type, dims, 16), api.ChannelsLast(type, dims), api.ChannelBlocks(type, dims, 8) })
        {
            if (describe(layout) is not { } other) continue;
            if (!Implementations.IsSlow(other.Implementation))
            {
                first?.Dispose();
                return (other, layout);
            }

            other.Dispose();
        }

        return first is null ? null : (first, own);
    }

    private static PoolingKind Kind(bool countPadding) => countPadding ? PoolingKind.AverageIncludePadding : PoolingKind.AverageExcludePadding;

    private static PoolingWindow Window(int h, int w, Window2d window) => new(
        new Shape(h, w), new Shape(window.StrideH, window.StrideW), new Shape(window.Top, window.Left), new Shape(window.Bottom, window.Right))
        {
            Dilations = new Shape(window.DilationH, window.DilationW),
        };

    private static NativeException Unimplemented(Node node, PlanBuilder plan, MemoryDesc x) =>
        new($"{node}: oneDNN {plan.Api.Library.Version} has no pooling of {x}");
}
