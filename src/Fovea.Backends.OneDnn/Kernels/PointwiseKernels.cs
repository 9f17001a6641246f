using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>What works element by element: functions, their gradients, arithmetic of two values, sums.</summary>
internal static class PointwiseKernels
{
    internal static void Function(Node node, PlanBuilder plan)
    {
        var op = (Pointwise)node.Op;
        var x = plan.Of(node.Inputs[0]);
        var y = plan.Define(node.Result, x.Desc);
        if (Pointwises.Eltwise(op) is { } eltwise
            && plan.Api.EltwiseForward(Forwards(plan), eltwise.Kind, x.Desc, x.Desc, eltwise.Alpha, eltwise.Beta) is { } desc)
            plan.Emit(node, op.Name, desc, [(DnnlArg.DNNL_ARG_SRC, x)], [(DnnlArg.DNNL_ARG_DST, y)], inPlace: [(0, 0)]);
        else
            plan.Emit(node, new ScalarFunction(op, x.Desc), [x], [y]);
    }

    internal static void Gradient(Node node, PlanBuilder plan)
    {
        var op = ((PointwiseGradient)node.Op).Of;
        var data = plan.Of(node.Inputs[0]);
        var dy = plan.As(node.Inputs[1], data.Desc);
        var dx = plan.Define(node.Result, data.Desc);
        if (Pointwises.Backward(op) is { } eltwise)
        {
            using var hint = plan.Api.EltwiseForward(Propagation.Training, eltwise.Kind, data.Desc, data.Desc, eltwise.Alpha, eltwise.Beta);
            if (hint is not null && plan.Api.EltwiseBackward(eltwise.Kind, data.Desc, data.Desc, data.Desc, hint, eltwise.Alpha, eltwise.Beta) is { } desc)
            {
                var argument = op.DerivativeOfResult ? DnnlArg.DNNL_ARG_DST : DnnlArg.DNNL_ARG_SRC;
                plan.Emit(node, node.Op.Name, desc, [(argument, data), (DnnlArg.DNNL_ARG_DIFF_DST, dy)], [(DnnlArg.DNNL_ARG_DIFF_SRC, dx)], inPlace: [(1, 0)]);
                return;
            }
        }

        plan.Emit(node, new ScalarDerivative(op, data.Desc), [data, dy], [dx]);
    }

    internal static void Arithmetic(Node node, PlanBuilder plan)
    {
        var (a, b) = Operands(node);
        var kind = Kind(node.Op);
        var left = plan.Of(a);
        if (a.Shape != node.Result.Shape || kind is null)
        {
            plan.Emit(node, new StridedMap("fovea:arithmetic", node, Function(node.Op)), [plan.Plain(node.Inputs[0]), plan.Plain(node.Inputs[1])], [plan.Define(node.Result, ReduceKernels.Plain(plan, node.Result))]);
            return;
        }

        var right = b.Shape == a.Shape ? plan.As(b, left.Desc)
            : b.Shape.Rank == 4 ? plan.As(b, plan.LayoutLike(left.Desc, b.Type)) : plan.Aligned(b, left.Desc.Dims.Rank);
        var desc = plan.Api.Binary(kind.Value, left.Desc, right.Desc, left.Desc)
            ?? throw new NativeException($"{node}: oneDNN {plan.Api.Library.Version} has no {node.Op.Name} of {left.Desc} and {right.Desc}");
        plan.Emit(
            node, node.Op.Name, desc, [(DnnlArg.DNNL_ARG_SRC_0, left), (DnnlArg.DNNL_ARG_SRC_1, right)],
            [(DnnlArg.DNNL_ARG_DST, plan.Define(node.Result, left.Desc))], inPlace: [(0, 0)]);
    }

    /// <summary>One binary primitive whose post-ops add the other terms and apply the function.</summary>
    internal static void Sum(Node node, PlanBuilder plan)
    {
        var op = (SumAll)node.Op;
        var first = plan.Of(node.Inputs[0]);
        var terms = node.Inputs.Select((input, i) => i == 0 ? first : plan.As(input, first.Desc)).ToArray();
        var attributes = Attributes.None;
        for (var i = 2; i < terms.Length; i++) attributes = attributes.WithBinary(BinaryKind.Add, first.Desc);
        if (op.Activation is { } activation)
        {
            var (function, alpha, beta) = Pointwises.Eltwise(activation)!.Value;
            attributes = attributes.WithEltwise(function, alpha, beta);
        }

        var desc = plan.Api.Binary(BinaryKind.Add, first.Desc, first.Desc, first.Desc, attributes)
            ?? throw new NativeException($"{node}: oneDNN {plan.Api.Library.Version} has no sum of {terms.Length} × {first.Desc}");
        var reads = terms.Select((term, i) => (i switch { 0 => DnnlArg.DNNL_ARG_SRC_0, 1 => DnnlArg.DNNL_ARG_SRC_1, _ => plan.Api.PostOpArg(i - 2) }, term));
        plan.Emit(node, node.Op.Name, desc, [.. reads], [(DnnlArg.DNNL_ARG_DST, plan.Define(node.Result, first.Desc))], inPlace: [(0, 0)]);
    }

    private static Propagation Forwards(PlanBuilder plan) => plan.IsTraining ? Propagation.Training : Propagation.Inference;

    /// <summary>The operands with the one of the result's shape first, where the order does not matter.</summary>
    private static (Value A, Value B) Operands(Node node)
    {
        var (a, b) = (node.Inputs[0], node.Inputs[1]);
        return a.Shape != node.Result.Shape && node.Op is Add or Multiply or Maximum or Minimum ? (b, a) : (a, b);
    }

    private static BinaryKind? Kind(Op op) => op switch
    {
        Add => BinaryKind.Add,
        Subtract => BinaryKind.Sub,
        Multiply => BinaryKind.Mul,
        Divide => BinaryKind.Div,
        Maximum => BinaryKind.Max,
        Minimum => BinaryKind.Min,
        _ => null,
    };

    private static Func<double, double, double> Function(Op op) => ((Binary)op).Function;
}
