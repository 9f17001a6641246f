using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Quantised;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Products of integers.</summary>
internal static class IntegerKernels
{
    /// <summary>Whether the library has an optimised convolution of these integers.</summary>
    internal static bool Has(DnnlApi api, IntegerConv2d op, IReadOnlyList<TensorType> inputs) => Precisions.IsFast(Describe(api, op, inputs));

    internal static void Convolution(Node node, PlanBuilder plan)
    {
        var op = (IntegerConv2d)node.Op;
        var desc = Describe(plan.Api, op, [.. node.Inputs.Select(input => input.Type)])
            ?? throw new NativeException($"{node}: oneDNN {plan.Api.Library.Version} has no implementation for {string.Join(", ", node.Inputs.Select(input => input.Type))}");
        var (scales, dst) = (ScalesOf(op), desc.Query(DnnlArg.DNNL_ARG_DST)!);
        var reads = new List<(int, Buffer)>
        {
            (DnnlArg.DNNL_ARG_SRC, plan.As(node.Inputs[0], desc.Query(DnnlArg.DNNL_ARG_SRC)!)),
            (DnnlArg.DNNL_ARG_WEIGHTS, plan.As(node.Inputs[1], desc.Query(DnnlArg.DNNL_ARG_WEIGHTS)!)),
        };
        if (op.Conv.HasBias) reads.Add((DnnlArg.DNNL_ARG_BIAS, Bias(node, plan, scales)));
        foreach (var (arg, value) in plan.Api.ScaleArguments(scales)) reads.Add((arg, Held(value, plan)));
        var result = op.Conv.HasSum ? plan.Let(node.Result, plan.Consumed(node.Inputs[^1], dst, node)) : plan.Define(node.Result, dst);
        plan.Emit(node, node.Op.Name, desc, [.. reads], [(DnnlArg.DNNL_ARG_DST, plan.View(result, dst))]);
    }

    private static PrimitiveDesc? Describe(DnnlApi api, IntegerConv2d op, IReadOnlyList<TensorType> inputs)
    {
        var (conv, y) = (op.Conv.Conv, op.Infer([.. inputs])[0]);
        var bias = op.Conv.HasBias ? api.Plain(DType.Float32, inputs[2].Shape) : null;
        return api.ConvolutionForward(
            Propagation.Inference, ConvolutionAlgorithm.Direct, api.Any(inputs[0].DType, inputs[0].Shape),
            ConvKernels.AnyWeights(api, DType.Int8, inputs[1].Shape, conv.Groups), bias, api.Any(y.DType, y.Shape), ConvKernels.Window(conv.Window), Post(op));
    }

    private static Attributes Post(IntegerConv2d op)
    {
        var attributes = Attributes.None.With(ScalesOf(op));
        if (op.Conv.HasSum) attributes = attributes.WithSum(op.Sum?.Scale ?? 1, op.Sum?.Type, op.Sum?.Zero ?? 0);
        if (op.Conv.Activation is not { } activation) return attributes;
        var (kind, alpha, beta) = Pointwises.Eltwise(activation)!.Value;
        return attributes.WithEltwise(kind, alpha, beta);
    }

    private static IntegerScales ScalesOf(IntegerConv2d op) => new(
        op.Source.Scale, op.Source.Zero, op.Weights.Tensor.Floats.ToArray(), op.Result?.Scale ?? 1, op.Result?.Zero ?? 0, op.Conv.Conv.Groups > 1);

    /// <summary>The bias in the unit that the library wants.</summary>
    private static Buffer Bias(Node node, PlanBuilder plan, IntegerScales scales)
    {
        var bias = plan.Plain(node.Inputs[2]);
        if (plan.Api.BiasFactors(scales) is not { } factors) return bias;
        var scaled = plan.NewLike(bias, bias.Desc);
        plan.Emit(null, new ProductKernel(factors.Length), [bias, Held(HostTensor.Of(new Shape(factors.Length), factors), plan)], [scaled]);
        return scaled;
    }

    private static Buffer Held(HostTensor value, PlanBuilder plan)
    {
        var buffer = plan.NewKept(plan.Layouts.Plain(value.Type), isConstant: true);
        plan.Constants.Add((buffer, value));
        return buffer;
    }
}
