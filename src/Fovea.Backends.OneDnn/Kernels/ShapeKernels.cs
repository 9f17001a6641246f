using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>What moves elements without computing: views where the layout permits, copies where not.</summary>
internal static class ShapeKernels
{
    internal static void Constant(Node node, PlanBuilder plan)
    {
        var tensor = ((Constant)node.Op).Tensor;
        var buffer = plan.Define(node.Result, plan.Api.Plain(tensor.Type.DType, PlanBuilder.Logical(tensor.Shape)), isConstant: true);
        plan.Constants.Add((buffer, tensor));
    }

    internal static void Identity(Node node, PlanBuilder plan)
    {
        var x = plan.Of(node.Inputs[0]);
        plan.DefineView(node.Result, x, x.Desc);
    }

    internal static void Cast(Node node, PlanBuilder plan)
    {
        if (node.Inputs[0].Type.DType == node.Result.Type.DType) Identity(node, plan);
        else plan.DefineCast(node.Result, node.Inputs[0]);
    }

    internal static void Reshape(Node node, PlanBuilder plan)
    {
        var (x, shape) = (node.Inputs[0], PlanBuilder.Logical(node.Result.Shape));
        var from = plan.DensePlain(x);
        plan.DefineView(node.Result, from, plan.Api.Plain(x.Type.DType, shape));
    }

    internal static void Transpose(Node node, PlanBuilder plan)
    {
        var (x, y) = (node.Inputs[0], node.Result);
        var order = ((Transpose)node.Op).Order;
        var strides = x.Shape.RowMajorStrides();
        var permuted = Enumerable.Range(0, y.Shape.Rank).Select(axis => strides[order[axis]]).ToArray();
        var seen = plan.View(plan.Plain(x), plan.Api.Strided(x.Type.DType, y.Shape, permuted));
        plan.EmitReorder(node, seen, plan.Define(y, plan.Api.Plain(y.Type.DType, y.Shape)));
    }

    internal static void Slice(Node node, PlanBuilder plan)
    {
        var op = (Slice)node.Op;
        var x = plan.Of(node.Inputs[0]);
        var y = plan.Define(node.Result, plan.LayoutLike(x.Desc, node.Result.Type));
        var box = node.Result.Shape;
        plan.Emit(node, new BoxCopy(x.Desc, y.Desc, box, Walk(op.Starts, op.Steps), Whole(box.Rank)), [x], [y]);
    }

    internal static void SliceGradient(Node node, PlanBuilder plan)
    {
        var op = (SliceGradient)node.Op;
        Scatter(node, plan, Walk(op.Starts, op.Steps));
    }

    internal static void Pad(Node node, PlanBuilder plan)
    {
        var before = ((Pad)node.Op).Padding.Before;
        Scatter(node, plan, [.. Enumerable.Range(0, before.Rank).Select(axis => (before[axis], 1))]);
    }

    internal static void Concat(Node node, PlanBuilder plan)
    {
        var axis = ((Concat)node.Op).Axis;
        var inputs = node.Inputs.Select(plan.Of).ToArray();
        var desc = plan.Api.Concat(axis, [.. inputs.Select(input => input.Desc)]);
        if (desc is null || desc.Implementation.StartsWith("ref", StringComparison.Ordinal))
        {
            desc?.Dispose();
            inputs = [.. node.Inputs.Select(plan.Plain)];
            desc = plan.Api.Concat(axis, [.. inputs.Select(input => input.Desc)], plan.Api.Plain(node.Result.Type.DType, node.Result.Shape))
                ?? throw new NativeException($"{node}: oneDNN {plan.Api.Library.Version} cannot concatenate {string.Join(", ", inputs.Select(input => input.Desc))}");
        }

        plan.Emit(
            node, node.Op.Name, desc, [.. inputs.Select((input, i) => (DnnlArg.DNNL_ARG_MULTIPLE_SRC + i, input))],
            [(DnnlArg.DNNL_ARG_DST, plan.Define(node.Result, desc.Query(DnnlArg.DNNL_ARG_DST)!))]);
    }

    internal static void Broadcast(Node node, PlanBuilder plan)
    {
        var x = plan.Plain(node.Inputs[0]);
        var y = plan.Define(node.Result, plan.Api.Plain(node.Result.Type.DType, PlanBuilder.Logical(node.Result.Shape)));
        plan.Emit(node, new StridedMap("fovea:broadcast", node, (a, _) => a), [x], [y]);
    }

    private static void Scatter(Node node, PlanBuilder plan, (int, int)[] target)
    {
        var x = plan.Of(node.Inputs[0]);
        var y = plan.Define(node.Result, plan.LayoutLike(x.Desc, node.Result.Type));
        var box = node.Inputs[0].Shape;
        plan.Emit(node, new BoxCopy(x.Desc, y.Desc, box, Whole(box.Rank), target), [x], [y]);
    }

    private static (int, int)[] Walk(Shape starts, Shape steps) => [.. Enumerable.Range(0, starts.Rank).Select(axis => (starts[axis], steps[axis]))];

    private static (int, int)[] Whole(int rank) => [.. Enumerable.Repeat((0, 1), rank)];
}
