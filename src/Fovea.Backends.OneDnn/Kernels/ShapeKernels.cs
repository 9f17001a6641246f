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
        var buffer = plan.Define(node.Result, plan.Api.Plain(tensor.Type.DType, Layouts.Logical(tensor.Shape)), isConstant: true);
        plan.Constants.Add((buffer, tensor));
    }

    internal static void Identity(Node node, PlanBuilder plan) => plan.Let(node.Result, plan.Of(node.Inputs[0]));

    internal static void Cast(Node node, PlanBuilder plan)
    {
        if (node.Inputs[0].Type.DType == node.Result.Type.DType) Identity(node, plan);
        else plan.LetConvert(node.Result, node.Inputs[0]);
    }

    internal static void Reshape(Node node, PlanBuilder plan)
    {
        var (x, shape) = (node.Inputs[0], Layouts.Logical(node.Result.Shape));
        if (TokensOf(node, plan) is { } image)
        {
            plan.Let(node.Result, plan.View(image, plan.Api.Strided(x.Type.DType, shape, (long)x.Shape.C * shape[2], 1, x.Shape.C)));
            return;
        }

        if (plan.IsStrided(x) && !plan.Seen(x).Desc.IsPlain && Strides.Fold(x.Shape, plan.Seen(x).Desc.Layout.Strides, shape) is { } strides)
        {
            plan.Let(node.Result, plan.View(plan.Seen(x), plan.Api.Strided(x.Type.DType, shape, strides)));
            return;
        }

        plan.Let(node.Result, plan.View(plan.DensePlain(x), plan.Api.Plain(x.Type.DType, shape)));
    }

    /// <summary>
    /// The image whose pixels become tokens, with channels last: where [N, C, H, W] → [N, C, H·W] is read by a transpose to [N, H·W, C] alone.
    /// </summary>
    private static Buffer? TokensOf(Node node, PlanBuilder plan)
    {
        var (x, y) = (node.Inputs[0], node.Result);
        if (x.Shape.Rank != 4 || y.Shape != new Shape(x.Shape.N, x.Shape.C, x.Shape.H * x.Shape.W) || plan.Of(x).Desc.IsPlain) return null;
        return plan.Uses.OnlyReader(y)?.Op is Transpose turn && turn.Order == new Permutation(0, 2, 1)
            ? plan.As(x, plan.Api.ChannelsLast(x.Type.DType, x.Shape))
            : null;
    }

    /// <summary>A view; of an image in blocks that becomes channels last, of the image brought to that order.</summary>
    internal static void Transpose(Node node, PlanBuilder plan)
    {
        var (x, y, order) = (node.Inputs[0], node.Result, ((Transpose)node.Op).Order);
        var seen = plan.IsStrided(x) ? plan.Seen(x)
            : x.Shape.Rank == 4 && order == new Permutation(0, 2, 3, 1) ? plan.As(x, plan.Api.ChannelsLast(x.Type.DType, x.Shape)) : plan.Plain(x);
        var strides = seen.Desc.Layout.Strides;
        var turned = plan.Api.Strided(y.Type.DType, y.Shape, [.. Enumerable.Range(0, y.Shape.Rank).Select(axis => strides[order[axis]])]);
        plan.Let(y, plan.View(seen, turned));
    }

    internal static void Slice(Node node, PlanBuilder plan)
    {
        var op = (Slice)node.Op;
        if (IsSingle(node, plan)) return;
        if (plan.IsStrided(node.Inputs[0]) && node.Result.Shape.Rank != 4)
        {
            var seen = plan.Seen(node.Inputs[0]);
            var strides = seen.Desc.Layout.Strides;
            var offset = Enumerable.Range(0, strides.Length).Sum(axis => op.Starts[axis] * strides[axis]);
            var cut = plan.Api.Strided(seen.Desc.DType, node.Result.Shape, [.. strides.Select((stride, axis) => stride * op.Steps[axis])]);
            plan.Let(node.Result, plan.View(seen, cut, offset));
            return;
        }

        var x = plan.Of(node.Inputs[0]);
        var y = plan.Define(node.Result, plan.Layouts.Like(x.Desc, node.Result.Type));
        var box = node.Result.Shape;
        plan.Emit(node, new BoxCopy(x.Desc, y.Desc, new Box(box, Walk(op.Starts, op.Steps)), Box.Whole(box), clears: true), [x], [y]);
    }

    internal static void SliceGradient(Node node, PlanBuilder plan)
    {
        var op = (SliceGradient)node.Op;
        if (IsSingle(node, plan)) return;
        Scatter(node, plan, Walk(op.Starts, op.Steps));
    }

    internal static void Pad(Node node, PlanBuilder plan)
    {
        var before = ((Pad)node.Op).Padding.Before;
        if (IsSingle(node, plan)) return;
        Scatter(node, plan, [.. Enumerable.Range(0, before.Rank).Select(axis => (before[axis], 1))]);
    }

    /// <summary>
    /// Along axes other than channels of images, which <see cref="Fusion.FuseChannels"/> takes. Where a transpose alone reads the result, it is written in
    /// that order.
    /// </summary>
    internal static void Concat(Node node, PlanBuilder plan)
    {
        var axis = ((Concat)node.Op).Axis;
        var layout = plan.Layouts.Like(plan.Of(node.Inputs[0]).Desc, node.Result.Type);
        var inputs = node.Inputs.Select(input => plan.As(input, plan.Layouts.Like(layout, input.Type))).ToArray();
        var turned = layout.IsPlain ? plan.ForTranspose(node.Result) : null;
        var y = turned is null ? plan.Define(node.Result, layout) : plan.Let(node.Result, turned);
        layout = y.Desc;
        var (copies, start) = (new List<BoxCopy>(), 0);
        foreach (var input in inputs)
        {
            var box = Box.Whole(input.Desc.Dims);
            var target = box with { At = [.. box.At.Select((at, i) => i == axis ? (start, 1) : at)] };
            copies.Add(new BoxCopy(input.Desc, layout, box, target, clears: start == 0 && layout.PaddedElements != layout.Dims.Elements));
            start += input.Desc.Dims[axis];
        }

        plan.Emit(node, new JoinCopy([.. copies]), inputs, [y]);
    }

    internal static void Broadcast(Node node, PlanBuilder plan)
    {
        var x = plan.Plain(node.Inputs[0]);
        var y = plan.Define(node.Result, plan.Api.Plain(node.Result.Type.DType, Layouts.Logical(node.Result.Shape)));
        plan.Emit(node, new StridedMap("fovea:broadcast", node, (a, _) => a), [x], [y]);
    }

    internal static void Take(Node node, PlanBuilder plan)
    {
        var (table, numbers) = (node.Inputs[0].Type, node.Inputs[1]);
        var row = checked((int)(table.Shape.With(0, 1).Elements * table.DType.Size));
        plan.Emit(
            node, new TakeKernel(table.Shape.N, row, (int)numbers.Shape.Elements), [plan.Plain(node.Inputs[0]), plan.Plain(numbers)],
            [plan.Define(node.Result, plan.Layouts.Plain(node.Result.Type))]);
    }

    internal static void TakeGradient(Node node, PlanBuilder plan)
    {
        var (table, numbers) = (node.Result.Type, node.Inputs[1]);
        plan.Emit(
            node, new TakeGradientKernel(table.DType, table.Shape.N, (int)table.Shape.With(0, 1).Elements, (int)numbers.Shape.Elements),
            [plan.Plain(node.Inputs[0]), plan.Plain(numbers)], [plan.Define(node.Result, plan.Layouts.Plain(node.Result.Type))]);
    }

    /// <summary>A number without axes is all of its slice and of its padding.</summary>
    private static bool IsSingle(Node node, PlanBuilder plan)
    {
        if (node.Result.Shape.Rank > 0) return false;
        Identity(node, plan);
        return true;
    }

    private static void Scatter(Node node, PlanBuilder plan, (int, int)[] target)
    {
        var x = plan.Of(node.Inputs[0]);
        var y = plan.Define(node.Result, plan.Layouts.Like(x.Desc, node.Result.Type));
        var box = node.Inputs[0].Shape;
        plan.Emit(node, new BoxCopy(x.Desc, y.Desc, Box.Whole(box), new Box(box, target), clears: true), [x], [y]);
    }

    private static (int, int)[] Walk(Shape starts, Shape steps) => [.. Enumerable.Range(0, starts.Rank).Select(axis => (starts[axis], steps[axis]))];
}
