using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Batch normalisation by the statistics of the batch: kernels of our own that join branches, terms, and ReLU or another function.</summary>
internal static class BatchNormKernels
{
    /// <summary>Under which the signs that a joined ReLU met are kept with its result.</summary>
    private static readonly Op s_signs = new Relu();

    internal static void Training(Node node, PlanBuilder plan)
    {
        var op = (NormSum)node.Op;
        var layout = Layout(plan, node.Inputs[0]);
        var columns = new ChannelColumns(layout);
        var terms = node.Inputs.Count - (3 * op.Branches);
        var reads = node.Inputs.Select((input, i) => i >= 3 * op.Branches || i % 3 == 0 ? plan.As(input, layout) : plan.Plain(input));
        var writes = node.Results.Select((result, i) => plan.Define(result, i == 0 ? layout : Channels(plan, node))).ToList();
        if (op.Rectified)
        {
            writes.Add(plan.New(plan.Api.Plain(DType.UInt8, Shape.Of(columns.Rows * sizeof(ushort)))));
            plan.Workspaces.Keep(node.Result, s_signs, writes[^1]);
        }

        plan.Emit(
            node,
            layout.DType == DType.Float32 ? new NormSumKernel<Float32Numbers>(op, terms, columns) : new NormSumKernel<BFloat16Numbers>(op, terms, columns),
            [.. reads], [.. writes], terms > 0 ? [(3 * op.Branches, 0)] : [],
            new(() => new NormSumKernel<MixedNumbers>(op, terms, new ChannelColumns(layout))) { LoadsAll = _ => true, InPlace = [(0, 0)] });
    }

    internal static void Gradient(Node node, PlanBuilder plan)
    {
        var op = (NormSumGradient)node.Op;

        // The mask lies in the order of the forward pass, whose first branch may be another than the gradient's and of another layout.
        var layout = Layout(plan, op.Rectified ? node.Inputs[op.FirstTerm - 1] : node.Inputs[0]);
        var columns = new ChannelColumns(layout);
        var reads = new List<Buffer>();
        for (var i = 0; i < 4 * op.Branches; i++) reads.Add(i % 4 == 0 ? plan.As(node.Inputs[i], layout) : plan.Plain(node.Inputs[i]));
        foreach (var dy in node.Inputs.Skip(op.FirstTerm)) reads.Add(plan.As(dy, layout));
        if (op.Rectified) reads.Add(plan.Workspaces.Find(node.Inputs[op.FirstTerm - 1], s_signs)!);
        var writes = node.Results.Select((result, i) => plan.Define(result, i < 3 * op.Branches && i % 3 != 0 ? Channels(plan, node) : layout)).ToArray();
        var inPlace = Enumerable.Range(0, op.Branches).Select(i => (4 * i, 3 * i)).ToList();
        if (op.GivesTerm) inPlace.AddRange(Enumerable.Range(4 * op.Branches, op.Terms).Select(term => (term, writes.Length - 1)));
        plan.Emit(
            node,
            layout.DType == DType.Float32 ? new NormSumGradientKernel<Float32Numbers>(op, columns) : new NormSumGradientKernel<BFloat16Numbers>(op, columns),
            [.. reads], writes, [.. inPlace], new(() => new NormSumGradientKernel<MixedNumbers>(op, new ChannelColumns(layout)))
            {
                LoadsAll = _ => true,
                InPlace = op is { Branches: 1, GivesTerm: false } ? [(4, 0)] : [],
            });
    }

    internal static void Activated(Node node, PlanBuilder plan)
    {
        var op = (NormActivation)node.Op;
        var layout = Layout(plan, node.Inputs[0]);
        var (norm, columns) = (new NormSum(1, op.Epsilon, Rectified: false), new ChannelColumns(layout));
        plan.Emit(
            node,
            layout.DType == DType.Float32
                ? new NormSumKernel<Float32Numbers>(norm, 0, columns, ActivationPass<Float32Numbers>.Of(op.Activation))
                : new NormSumKernel<BFloat16Numbers>(norm, 0, columns, ActivationPass<BFloat16Numbers>.Of(op.Activation)),
            [plan.As(node.Inputs[0], layout), plan.Plain(node.Inputs[1]), plan.Plain(node.Inputs[2])],
            [.. node.Results.Select((result, i) => plan.Define(result, i == 0 ? layout : Channels(plan, node)))],
            mixed: new(() => new NormSumKernel<MixedNumbers>(norm, 0, new ChannelColumns(layout), ActivationPass<MixedNumbers>.Of(op.Activation)))
            {
                LoadsAll = _ => true,
                InPlace = [(0, 0)],
            });
    }

    internal static void ActivatedGradient(Node node, PlanBuilder plan)
    {
        var op = (NormActivationGradient)node.Op;
        var layout = Layout(plan, node.Inputs[0]);
        plan.Emit(
            node, Kernel(isMixed: false),
            [.. node.Inputs.Select((input, i) => i is 0 or 5 ? plan.As(input, layout) : plan.Plain(input))],
            [.. node.Results.Select((result, i) => plan.Define(result, i == 0 ? layout : Channels(plan, node)))], inPlace: [(0, 0), (5, 0)],
            mixed: new(() => Kernel(isMixed: true)) { LoadsAll = _ => true });

        Kernel Kernel(bool isMixed) => VectorFunctions.Visit(
            new PointwiseGradient(op.Activation), new MakeGradient(op.Epsilon, new ChannelColumns(layout), layout.DType, isMixed))!;
    }

    private static MemoryDesc Layout(PlanBuilder plan, Value x)
    {
        var desc = plan.LayoutOf(x);
        return ChannelColumns.Fits(desc) ? desc : plan.Api.Plain(x.Type.DType, x.Shape);
    }

    private static MemoryDesc Channels(PlanBuilder plan, Node node) => plan.Api.Plain(DType.Float32, new Shape(node.Inputs[0].Shape.C));

    private sealed class MakeGradient(double epsilon, ChannelColumns columns, DType type, bool isMixed) : IFunctionUse<Kernel>
    {
        public Kernel With<TFunction>(double p, double q)
            where TFunction : struct, IVectorFunction => type == DType.Float32
                ? new NormActivationGradientKernel<Float32Numbers, TFunction>(epsilon, p, q, columns)
                : isMixed ? new NormActivationGradientKernel<MixedNumbers, TFunction>(epsilon, p, q, columns)
                : new NormActivationGradientKernel<BFloat16Numbers, TFunction>(epsilon, p, q, columns);
    }
}
