using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Batch normalisation in its three forms, with ReLU joined where the graph has it so.</summary>
internal static class BatchNormKernels
{
    private const NormFlags Affine = NormFlags.Scale | NormFlags.Shift;

    internal static void Inference(Node node, PlanBuilder plan)
    {
        var op = (BatchNorm)node.Op;
        var x = plan.Of(node.Inputs[0]);
        var desc = plan.Api.BatchNormForward(Propagation.Inference, x.Desc, x.Desc, (float)op.Epsilon, Affine | NormFlags.UseGlobalStats)
            ?? throw Unimplemented(node, x, plan);
        plan.Emit(
            node, node.Op.Name, desc,
            [(DnnlArg.DNNL_ARG_SRC, x), (DnnlArg.DNNL_ARG_SCALE, plan.Plain(node.Inputs[1])), (DnnlArg.DNNL_ARG_SHIFT, plan.Plain(node.Inputs[2])),
                (DnnlArg.DNNL_ARG_MEAN, plan.Plain(node.Inputs[3])), (DnnlArg.DNNL_ARG_VARIANCE, plan.Plain(node.Inputs[4]))],
            [(DnnlArg.DNNL_ARG_DST, plan.Define(node.Result, x.Desc))]);
    }

    internal static void Training(Node node, PlanBuilder plan)
    {
        var rectified = node.Op is BatchNormReluTraining;
        var norm = (node.Op as BatchNormReluTraining)?.Norm ?? (BatchNormTraining)node.Op;
        var x = plan.Of(node.Inputs[0]);
        var desc = Forward(node, plan, x, norm.Epsilon, rectified);
        var writes = new List<(int, Buffer)>
        {
            (DnnlArg.DNNL_ARG_DST, plan.Define(node.Results[0], x.Desc)),
            (DnnlArg.DNNL_ARG_MEAN, plan.Define(node.Results[1], Channels(plan, node))),
            (DnnlArg.DNNL_ARG_VARIANCE, plan.Define(node.Results[2], Channels(plan, node))),
        };
        if (desc.Workspace is { } mask)
        {
            var workspace = plan.New(mask);
            plan.KeepWorkspace(node.Inputs[0], new BatchNormGradient(norm.Epsilon), workspace);
            writes.Add((DnnlArg.DNNL_ARG_WORKSPACE, workspace));
        }

        plan.Emit(
            node, node.Op.Name, desc,
            [(DnnlArg.DNNL_ARG_SRC, x), (DnnlArg.DNNL_ARG_SCALE, plan.Plain(node.Inputs[1])), (DnnlArg.DNNL_ARG_SHIFT, plan.Plain(node.Inputs[2]))],
            [.. writes]);
    }

    internal static void Gradient(Node node, PlanBuilder plan)
    {
        var rectified = node.Op is BatchNormReluGradient;
        var norm = (node.Op as BatchNormReluGradient)?.Norm ?? (BatchNormGradient)node.Op;
        var x = plan.Of(node.Inputs[0]);
        var dy = plan.As(node.Inputs[^1], x.Desc);
        var flags = rectified ? Affine | NormFlags.FuseRelu : Affine;
        using var hint = Forward(node, plan, x, norm.Epsilon, rectified);
        var desc = plan.Api.BatchNormBackward(x.Desc, x.Desc, x.Desc, (float)norm.Epsilon, flags, hint) ?? throw Unimplemented(node, x, plan);
        var reads = new List<(int, Buffer)>
        {
            (DnnlArg.DNNL_ARG_DIFF_DST, dy), (DnnlArg.DNNL_ARG_SRC, x), (DnnlArg.DNNL_ARG_SCALE, plan.Plain(node.Inputs[1])),
            (DnnlArg.DNNL_ARG_MEAN, plan.Plain(node.Inputs[3])), (DnnlArg.DNNL_ARG_VARIANCE, plan.Plain(node.Inputs[4])),
        };
        if (plan.Api.NeedsShiftInBackward) reads.Add((DnnlArg.DNNL_ARG_SHIFT, plan.Plain(node.Inputs[2])));
        if (rectified)
            reads.Add((DnnlArg.DNNL_ARG_WORKSPACE, plan.Workspace(node.Inputs[0], norm) ?? throw new InvalidOperationException($"{node}: the forward pass left no mask")));
        plan.Emit(
            node, node.Op.Name, desc, [.. reads],
            [(DnnlArg.DNNL_ARG_DIFF_SRC, plan.Define(node.Results[0], x.Desc)), (DnnlArg.DNNL_ARG_DIFF_SCALE, plan.Define(node.Results[1], Channels(plan, node))),
                (DnnlArg.DNNL_ARG_DIFF_SHIFT, plan.Define(node.Results[2], Channels(plan, node)))],
            inPlace: (0, 0));
    }

    private static PrimitiveDesc Forward(Node node, PlanBuilder plan, Buffer x, double epsilon, bool rectified) =>
        plan.Api.BatchNormForward(Propagation.Training, x.Desc, x.Desc, (float)epsilon, rectified ? Affine | NormFlags.FuseRelu : Affine)
        ?? throw Unimplemented(node, x, plan);

    private static MemoryDesc Channels(PlanBuilder plan, Node node) => plan.Api.Plain(DType.Float32, new Shape(node.Inputs[0].Shape.C));

    private static NativeException Unimplemented(Node node, Buffer x, PlanBuilder plan) =>
        new($"{node}: oneDNN {plan.Api.Library.Version} has no batch normalisation of {x.Desc}");
}
