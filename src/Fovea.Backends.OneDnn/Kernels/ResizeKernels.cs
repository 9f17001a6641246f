using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Resizing and its gradient: both are a linear map of rows and one of columns, whose weights the operation itself tells.</summary>
internal static class ResizeKernels
{
    internal static void Forward(Node node, PlanBuilder plan)
    {
        var op = (Resize)node.Op;
        Emit(node, plan, (h, w) => op with { Height = h, Width = w });
    }

    internal static void Gradient(Node node, PlanBuilder plan)
    {
        var op = (ResizeGradient)node.Op;
        Emit(node, plan, (h, w) => op with { Height = h, Width = w });
    }

    private static void Emit(Node node, PlanBuilder plan, Func<int, int, Op> line)
    {
        var (x, y) = (node.Inputs[0], node.Result);
        var desc = plan.LayoutOf(x);
        var layout = MapGrid.Fits(desc) && !desc.IsPlain ? desc : plan.Api.ChannelsLast(x.Type.DType, x.Shape);
        var result = plan.Define(y, MapGrid.BlockOf(layout) > 1 ? plan.Layouts.Like(layout, y.Type) : plan.Api.ChannelsLast(y.Type.DType, y.Shape));
        var (rows, columns) = (Weights(line(y.Shape.H, 1), x.Shape.H, y.Shape.H, isRows: true),
            Weights(line(1, y.Shape.W), x.Shape.W, y.Shape.W, isRows: false));
        plan.Emit(
            node,
            layout.DType == DType.Float32
                ? new ResizeKernel<Float32Numbers>(layout, result.Desc, rows, columns)
                : new ResizeKernel<BFloat16Numbers>(layout, result.Desc, rows, columns),
            [plan.As(x, layout)], [result]);
    }

    /// <summary>What the operation makes of each unit vector: [sources, targets].</summary>
    private static OracleTensor Weights(Op op, int sources, int targets, bool isRows)
    {
        var x = new OracleTensor(isRows ? new Shape(sources, 1, sources, 1) : new Shape(sources, 1, 1, sources));
        for (var i = 0L; i < sources; i++) x[(i * sources) + i] = 1;
        var y = new OracleTensor(isRows ? new Shape(sources, 1, targets, 1) : new Shape(sources, 1, 1, targets));
        op.Evaluate([x], [y]);
        return y;
    }
}
