using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Convolution and its gradients: the primitives that choose the layouts of a plan.</summary>
internal static class ConvKernels
{
    internal static void Forward(Node node, PlanBuilder plan)
    {
        var fused = node.Op as FusedConv2d ?? new FusedConv2d((Conv2d)node.Op, HasBias: false, HasSum: false, Activation: null);
        var (x, w, y) = (node.Inputs[0], node.Inputs[1], node.Result);
        var desc = Choose(node, plan, fused);
        var (src, dst) = (desc.Query(DnnlArg.DNNL_ARG_SRC)!, desc.Query(DnnlArg.DNNL_ARG_DST)!);
        var reads = new List<(int, Buffer)>
        {
            (DnnlArg.DNNL_ARG_SRC, plan.As(x, src)),
            (DnnlArg.DNNL_ARG_WEIGHTS, plan.As(w, desc.Query(DnnlArg.DNNL_ARG_WEIGHTS)!)),
        };
        if (fused.HasBias) reads.Add((DnnlArg.DNNL_ARG_BIAS, plan.Plain(node.Inputs[2])));
        var home = SingleBlock.Named(plan.Api, desc, dst);
        var result = fused.HasSum ? plan.Let(y, plan.Consumed(node.Inputs[^1], home, node)) : plan.Define(y, home);
        plan.Emit(node, node.Op.Name, desc, [.. reads], [(DnnlArg.DNNL_ARG_DST, plan.View(result, dst))]);
    }

    internal static void InputGradient(Node node, PlanBuilder plan)
    {
        if (WinogradKernels.InputGradient(node, plan)) return;
        var op = (Conv2dInputGradient)node.Op;
        var (dy, w, dx) = (node.Inputs[0], node.Inputs[1], node.Result);
        var hint = Hint(plan, new Conv2d(op.Window, op.Groups), op.X, w.Shape, dy.Type.DType);
        var desc = InLayoutsOf(hint) ?? Describe(plan.Api.Any(dx.Type.DType, dx.Shape), plan.Api.Any(dy.Type.DType, dy.Shape))
            ?? throw Unimplemented(node, plan);
        KnownBad.Skip(desc, node, plan.Api);
        plan.Emit(
            node, node.Op.Name, desc,
            [(DnnlArg.DNNL_ARG_DIFF_DST, plan.As(dy, desc.Query(DnnlArg.DNNL_ARG_DIFF_DST)!)),
                (DnnlArg.DNNL_ARG_WEIGHTS, plan.As(w, desc.Query(DnnlArg.DNNL_ARG_WEIGHTS)!))],
            [(DnnlArg.DNNL_ARG_DIFF_SRC, plan.Define(dx, desc.Query(DnnlArg.DNNL_ARG_DIFF_SRC)!))]);

        // Left to itself, 3.x takes channels last for strides above 1, which is slower and needs reorders.
        PrimitiveDesc? InLayoutsOf(PrimitiveDesc forward)
        {
            var own = Describe(forward.Query(DnnlArg.DNNL_ARG_SRC)!, forward.Query(DnnlArg.DNNL_ARG_DST)!);
            if (own is null || own.Implementation.AsSpan() is ['j', 'i', 't', ..] or ['b', 'r', 'g', ..]) return own;
            own.Dispose();
            return null;
        }

        PrimitiveDesc? Describe(MemoryDesc diffSource, MemoryDesc diffResult) => plan.Api.ConvolutionBackwardData(
            ConvolutionAlgorithm.Direct, diffSource, AnyWeights(plan.Api, dy.Type.DType, w.Shape, op.Groups), diffResult, Window(op.Window), hint);
    }

    internal static void WeightGradient(Node node, PlanBuilder plan)
    {
        if (DepthwiseKernels.WeightLayout(node, plan) is { } layout)
        {
            DepthwiseKernels.WeightGradient(node, plan, layout);
            return;
        }

        if (WinogradKernels.WeightGradient(node, plan)) return;
        var desc = DescribeWeightGradient(node, plan);
        plan.Emit(
            node, node.Op.Name, desc,
            [(DnnlArg.DNNL_ARG_DIFF_DST, plan.As(node.Inputs[0], desc.Query(DnnlArg.DNNL_ARG_DIFF_DST)!)),
                (DnnlArg.DNNL_ARG_SRC, plan.As(node.Inputs[1], desc.Query(DnnlArg.DNNL_ARG_SRC)!))],
            [(DnnlArg.DNNL_ARG_DIFF_WEIGHTS, plan.Define(node.Result, desc.Query(DnnlArg.DNNL_ARG_DIFF_WEIGHTS)!))]);
    }

    /// <summary>The layout in which the weight gradient arrives, which is the cheapest to keep the weight in.</summary>
    internal static MemoryDesc GradientLayout(Node weightGradient, PlanBuilder plan)
    {
        if (DepthwiseKernels.WeightLayout(weightGradient, plan) is { } layout) return layout;
        using var desc = DescribeWeightGradient(weightGradient, plan);
        return desc.Query(DnnlArg.DNNL_ARG_DIFF_WEIGHTS)!;
    }

    internal static PrimitiveDesc DescribeWeightGradient(Node node, PlanBuilder plan)
    {
        var op = (Conv2dWeightGradient)node.Op;
        var x = node.Inputs[1];
        var hint = Hint(plan, new Conv2d(op.Window, op.Groups), x.Shape, op.Weight, x.Type.DType);
        var desc = DescribeWeightGradient(node, plan.Api, hint) ?? throw Unimplemented(node, plan);
        KnownBad.Skip(desc, node, plan.Api);
        return desc;
    }

    private static PrimitiveDesc? DescribeWeightGradient(Node node, DnnlApi api, PrimitiveDesc hint)
    {
        var op = (Conv2dWeightGradient)node.Op;
        var (dy, x) = (node.Inputs[0].Type, node.Inputs[1].Type);
        return api.ConvolutionBackwardWeights(
            ConvolutionAlgorithm.Direct, api.Any(x.DType, x.Shape), AnyWeights(api, DType.Float32, op.Weight, op.Groups), diffBias: null,
            api.Any(dy.DType, dy.Shape), Window(op.Window), hint);
    }

    /// <summary>Whether the library has an optimised convolution for the operands of a node as they are; likewise the others.</summary>
    internal static bool HasForward(Node node, DnnlApi api)
    {
        var fused = (FusedConv2d)node.Op;
        var (x, w, y) = (node.Inputs[0].Type, node.Inputs[1].Shape, node.Result.Type);
        return Precisions.IsFast(api.ConvolutionForward(
            Propagation.Inference, ConvolutionAlgorithm.Direct, api.Any(x.DType, x.Shape), AnyWeights(api, x.DType, w, fused.Conv.Groups),
            Bias(node, fused, api), api.Any(y.DType, y.Shape), Window(fused.Conv.Window), Post(fused)));
    }

    internal static bool HasInputGradient(Node node, DnnlApi api)
    {
        var op = (Conv2dInputGradient)node.Op;
        var (dy, w, dx) = (node.Inputs[0].Type, node.Inputs[1].Shape, node.Result.Type);
        using var hint = DescribeHint(api, new Conv2d(op.Window, op.Groups), op.X, w, dy.DType);
        return hint is not null && Precisions.IsFast(api.ConvolutionBackwardData(
            ConvolutionAlgorithm.Direct, api.Any(dx.DType, dx.Shape), AnyWeights(api, dy.DType, w, op.Groups), api.Any(dy.DType, dy.Shape), Window(op.Window),
            hint));
    }

    internal static bool HasWeightGradient(Node node, DnnlApi api)
    {
        var op = (Conv2dWeightGradient)node.Op;
        using var hint = DescribeHint(api, new Conv2d(op.Window, op.Groups), node.Inputs[1].Shape, op.Weight, node.Inputs[1].Type.DType);
        return hint is not null && Precisions.IsFast(DescribeWeightGradient(node, api, hint));
    }

    private static PrimitiveDesc Choose(Node node, PlanBuilder plan, FusedConv2d fused)
    {
        var (x, w, y) = (node.Inputs[0], node.Inputs[1], node.Result);
        var api = plan.Api;
        var (bias, attributes) = (Bias(node, fused, api), Post(fused));
        var (anySource, anyResult) = (api.Any(x.Type.DType, x.Shape), api.Any(y.Type.DType, y.Shape));
        var winograd = !plan.IsTraining && SuitsWinograd(fused.Conv, x.Type, w.Shape) ? Describe(ConvolutionAlgorithm.Winograd, anySource, anyResult) : null;
        var desc = winograd ?? SingleBlock.Describe(api, x.Type, y.Type, (source, result) => Describe(ConvolutionAlgorithm.Direct, source, result))
            ?? Describe(ConvolutionAlgorithm.Direct, anySource, anyResult) ?? throw Unimplemented(node, plan);
        KnownBad.Skip(desc, node, api);
        return desc;

        PrimitiveDesc? Describe(ConvolutionAlgorithm algorithm, MemoryDesc source, MemoryDesc result) => api.ConvolutionForward(
            plan.IsTraining ? Propagation.Training : Propagation.Inference, algorithm, source,
            AnyWeights(api, x.Type.DType, w.Shape, fused.Conv.Groups), bias, result, Window(fused.Conv.Window), attributes);
    }

    /// <summary>Single images through dense 3×3 kernels: there 2.6 has Winograd, and it is faster; for batches the direct way is. 3.x has none.</summary>
    private static bool SuitsWinograd(Conv2d conv, TensorType x, Shape w) =>
        x.DType == DType.Float32 && x.Shape.N == 1 && w.H == 3 && w.W == 3 && conv.Groups == 1 && conv.Window == Window2d.Of(1, 1);

    private static MemoryDesc? Bias(Node node, FusedConv2d fused, DnnlApi api) => fused.HasBias ? api.Plain(DType.Float32, node.Inputs[2].Shape) : null;

    private static Attributes Post(FusedConv2d fused)
    {
        var attributes = fused.HasSum ? Attributes.None.WithSum() : Attributes.None;
        if (fused.Activation is not { } activation) return attributes;
        var (kind, alpha, beta) = Pointwises.Eltwise(activation)!.Value;
        return attributes.WithEltwise(kind, alpha, beta);
    }

    private static PrimitiveDesc Hint(PlanBuilder plan, Conv2d op, Shape x, Shape w, DType type) => plan.Hints.GetOrMake(op, x, w, type, () =>
        DescribeHint(plan.Api, op, x, w, type) ?? throw new NativeException($"oneDNN {plan.Api.Library.Version} has no convolution of {x} with {w}"));

    private static PrimitiveDesc? DescribeHint(DnnlApi api, Conv2d op, Shape x, Shape w, DType type)
    {
        var y = op.Infer([new TensorType(type, x), new TensorType(type, w)])[0];
        return api.ConvolutionForward(
            Propagation.Training, ConvolutionAlgorithm.Direct, api.Any(type, x), AnyWeights(api, type, w, op.Groups), bias: null, api.Any(type, y.Shape),
            Window(op.Window));
    }

    internal static MemoryDesc AnyWeights(DnnlApi api, DType type, Shape w, int groups) =>
        api.Any(type, groups == 1 ? w : new Shape(groups, w.N / groups, w.C, w.H, w.W));

    internal static ConvolutionWindow Window(Window2d window) => new(
        new Shape(window.StrideH, window.StrideW), new Shape(window.DilationH, window.DilationW),
        new Shape(window.Top, window.Left), new Shape(window.Bottom, window.Right));

    private static NativeException Unimplemented(Node node, PlanBuilder plan) =>
        new($"{node}: oneDNN {plan.Api.Library.Version} has no implementation for {string.Join(", ", node.Inputs.Select(input => input.Type))}");
}
