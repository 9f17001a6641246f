using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
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
        var result = fused.HasSum ? plan.DefineOver(y, node.Inputs[^1], home, node) : plan.Define(y, home);
        plan.Emit(node, node.Op.Name, desc, [.. reads], [(DnnlArg.DNNL_ARG_DST, plan.Seen(result, dst))]);
    }

    internal static void InputGradient(Node node, PlanBuilder plan)
    {
        if (WinogradKernels.InputGradient(node, plan)) return;
        var op = (Conv2dInputGradient)node.Op;
        var (dy, w, dx) = (node.Inputs[0], node.Inputs[1], node.Result);
        var hint = Hint(plan, new Conv2d(op.Window, op.Groups), op.X, w.Shape, dy.Type.DType);
        var desc = InLayoutsOf(hint) ?? Describe(plan.Api.Any(dx.Type.DType, dx.Shape), plan.Api.Any(dy.Type.DType, dy.Shape)) ?? throw Unimplemented(node, plan);
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
            if (own is null || own.Implementation.StartsWith("jit", StringComparison.Ordinal) || own.Implementation.StartsWith("brg", StringComparison.Ordinal)) return own;
            own.Dispose();
            return null;
        }

        PrimitiveDesc? Describe(MemoryDesc diffSource, MemoryDesc diffResult) => plan.Api.ConvolutionBackwardData(
            ConvolutionAlgorithm.Direct, diffSource, AnyWeights(plan, dy.Type.DType, w.Shape, op.Groups), diffResult, Window(op.Window), hint);
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
        var (dy, x) = (node.Inputs[0], node.Inputs[1]);
        var hint = Hint(plan, new Conv2d(op.Window, op.Groups), x.Shape, op.Weight, x.Type.DType);
        var desc = plan.Api.ConvolutionBackwardWeights(
            ConvolutionAlgorithm.Direct, plan.Api.Any(x.Type.DType, x.Shape), AnyWeights(plan, DType.Float32, op.Weight, op.Groups), diffBias: null,
            plan.Api.Any(dy.Type.DType, dy.Shape), Window(op.Window), hint) ?? throw Unimplemented(node, plan);
        KnownBad.Skip(desc, node, plan.Api);
        return desc;
    }

    private static PrimitiveDesc Choose(Node node, PlanBuilder plan, FusedConv2d fused)
    {
        var (x, w, y) = (node.Inputs[0], node.Inputs[1], node.Result);
        var api = plan.Api;
        var bias = fused.HasBias ? api.Plain(DType.Float32, node.Inputs[2].Shape) : null;
        var attributes = fused.HasSum ? Attributes.None.WithSum() : Attributes.None;
        if (fused.Activation is { } activation)
        {
            var (kind, alpha, beta) = Pointwises.Eltwise(activation)!.Value;
            attributes = attributes.WithEltwise(kind, alpha, beta);
        }

        var (anySource, anyResult) = (api.Any(x.Type.DType, x.Shape), api.Any(y.Type.DType, y.Shape));
        var winograd = !plan.IsTraining && SuitsWinograd(fused.Conv, x.Type, w.Shape) ? Describe(ConvolutionAlgorithm.Winograd, anySource, anyResult) : null;
        var desc = winograd ?? SingleBlock.Describe(api, x.Type, y.Type, (source, result) => Describe(ConvolutionAlgorithm.Direct, source, result))
            ?? Describe(ConvolutionAlgorithm.Direct, anySource, anyResult) ?? throw Unimplemented(node, plan);
        KnownBad.Skip(desc, node, api);
        return desc;

        PrimitiveDesc? Describe(ConvolutionAlgorithm algorithm, MemoryDesc source, MemoryDesc result) => api.ConvolutionForward(
            plan.IsTraining ? Propagation.Training : Propagation.Inference, algorithm, source,
            AnyWeights(plan, x.Type.DType, w.Shape, fused.Conv.Groups), bias, result, Window(fused.Conv.Window), attributes);
    }

    /// <summary>Single images through dense 3×3 kernels: there 2.6 has Winograd, and it is faster; for batches the direct way is. 3.x has none.</summary>
    private static bool SuitsWinograd(Conv2d conv, TensorType x, Shape w) =>
        x.DType == DType.Float32 && x.Shape.N == 1 && w.H == 3 && w.W == 3 && conv.Groups == 1 && conv.Window == Window2d.Of(1, 1);

    private static PrimitiveDesc Hint(PlanBuilder plan, Conv2d op, Shape x, Shape w, DType type) => plan.Hint(op, x, w, type, () =>
    {
        var y = op.Infer([new TensorType(type, x), new TensorType(type, w)])[0];
        return plan.Api.ConvolutionForward(
            Propagation.Training, ConvolutionAlgorithm.Direct, plan.Api.Any(type, x), AnyWeights(plan, type, w, op.Groups), bias: null,
            plan.Api.Any(type, y.Shape), Window(op.Window)) ?? throw new NativeException($"oneDNN {plan.Api.Library.Version} has no convolution of {x} with {w}");
    });

    internal static MemoryDesc AnyWeights(PlanBuilder plan, DType type, Shape w, int groups) =>
        plan.Api.Any(type, groups == 1 ? w : new Shape(groups, w.N / groups, w.C, w.H, w.W));

    internal static ConvolutionWindow Window(Window2d window) => new(
        new Shape(window.StrideH, window.StrideW), new Shape(window.DilationH, window.DilationW),
        new Shape(window.Top, window.Left), new Shape(window.Bottom, window.Right));

    private static NativeException Unimplemented(Node node, PlanBuilder plan) =>
        new($"{node}: oneDNN {plan.Api.Library.Version} has no implementation for {string.Join(", ", node.Inputs.Select(input => input.Type))}");
}
