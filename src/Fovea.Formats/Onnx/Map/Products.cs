using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Matrix products.</summary>
internal static class Products
{
    internal static WriteRow[] Writes { get; } = [WriteRow.Of<MatMul>(Write)];

    internal static ReadRow[] Reads { get; } = [new("Gemm", ReadGemm), new("MatMul", ReadMatMul)];

    /// <summary>A product of matrices, with its bias where one is added.</summary>
    internal static void WriteGemm(OnnxWriter to, Node product, Value result, Value? bias)
    {
        var op = (MatMul)product.Op;
        string[] inputs = [to.Name(product.Inputs[0]), to.Name(product.Inputs[1]), .. bias is null ? (string[])[] : [to.Name(bias)]];
        to.Node("Gemm", result, inputs, OnnxAttributes.Of("transA", op.TransposeA), OnnxAttributes.Of("transB", op.TransposeB));
    }

    private static void Write(OnnxWriter to, Node node, MatMul op)
    {
        if (node.Result.Shape.Rank == 2)
        {
            WriteGemm(to, node, node.Result, bias: null);
            return;
        }

        var (a, b) = (to.PerImage(node, node.Inputs[0]), to.PerImage(node, node.Inputs[1]));
        if (op.TransposeA) a = Transposed(to, node.Result, a);
        if (op.TransposeB) b = Transposed(to, node.Result, b);
        to.Node("MatMul", node.Result, [a, b]);
    }

    private static string Transposed(OnnxWriter to, Value result, string matrix)
    {
        var order = Enumerable.Range(0, result.Shape.Rank).ToArray();
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return to.Step("Transpose", result, [matrix], OnnxAttributes.Integers("perm", order));
    }

    private static void ReadGemm(OnnxNode node)
    {
        var (a, b) = (node.Value(0), node.Value(1));
        if (a.Shape.Rank != 2 || b.Shape.Rank != 2) throw node.Fail($"a {a.Shape} and b {b.Shape}; wanted matrices");
        var y = Scaled(a.MatMul(b, node.Integer("transA", 0) != 0, node.Integer("transB", 0) != 0), node.Number("alpha", 1));
        node.Set(node.Has(2) ? y.Plus(Scaled(node.Value(2), node.Number("beta", 1))) : y);
    }

    private static Value Scaled(Value x, double factor) => factor == 1 ? x : x.Times(factor);

    /// <summary>ONNX broadcasts leading axes and takes vectors; graphs want as many axes on both sides, and equal ones.</summary>
    private static void ReadMatMul(OnnxNode node)
    {
        var (a, b) = (node.Value(0), node.Value(1));
        if (a.Shape.Rank < 2 || b.Shape.Rank < 2) throw node.Fail($"a {a.Shape} and b {b.Shape}; wanted matrices, not vectors");
        if (b.Shape.Rank == 2 && a.Shape.Rank > 2)
        {
            var columns = a.Shape[a.Shape.Rank - 1];
            var flat = a.Reshape(Shape.Of(a.Shape.Elements / columns, columns)).MatMul(b);
            node.Set(flat.Reshape(a.Shape.With(a.Shape.Rank - 1, b.Shape[1])));
            return;
        }

        var rank = Math.Max(a.Shape.Rank, b.Shape.Rank);
        node.Set(Leading(a, b, rank).MatMul(Leading(b, a, rank)));
    }

    /// <summary>A matrix with the leading axes that both sides broadcast to.</summary>
    private static Value Leading(Value matrix, Value other, int rank)
    {
        var extents = new int[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            var (own, others) = (axis - rank + matrix.Shape.Rank, axis - rank + other.Shape.Rank);
            var (m, n) = (own < 0 ? 1 : matrix.Shape[own], others < 0 ? 1 : other.Shape[others]);
            extents[axis] = axis >= rank - 2 ? m : m == 1 ? n : m;
        }

        return matrix.BroadcastTo(new Shape(extents));
    }
}
