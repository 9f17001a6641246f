using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>The matrix product: a […, M, K], b [… , K, N] → y […, M, N].</summary>
/// <remarks>The leading axes are equal; a flag says that a matrix is stored transposed. ONNX: MatMul, Gemm. PyTorch: torch.matmul.</remarks>
/// <param name="TransposeA">a is stored as […, K, M].</param>
/// <param name="TransposeB">b is stored as […, N, K], as the weight of a linear layer is.</param>
/// <param name="Wide">y is f32 also where a and b are bf16: a sum over many rows, as the gradient of a weight is.</param>
public sealed record MatMul(bool TransposeA = false, bool TransposeB = false, bool Wide = false) : Op
{
    /// <inheritdoc/>
    public override string Name => "mat_mul";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        var (a, b) = (inputs[0], inputs[1]);
        Check.That(a.DType == b.DType && a.DType.IsFloat, this, $"a is {a}, b is {b}; wanted fractions of the same type (cast one)");
        Check.That(a.Shape.Rank >= 2 && a.Shape.Rank == b.Shape.Rank, this, $"a {a.Shape} and b {b.Shape}; wanted the same number of axes, at least 2");
        for (var axis = 0; axis < a.Shape.Rank - 2; axis++)
            Check.That(a.Shape[axis] == b.Shape[axis], this, $"a {a.Shape} and b {b.Shape} differ in axis {axis}; wanted equal leading axes");
        var (m, k, k2, n) = Sizes(a.Shape, b.Shape);
        Check.That(k == k2, this,
            $"a {a.Shape}{(TransposeA ? " transposed" : "")} has {k} columns; b {b.Shape}{(TransposeB ? " transposed" : "")} has {k2} rows");
        var y = a.Shape.With(a.Shape.Rank - 1, 1).With(a.Shape.Rank - 2, m).With(a.Shape.Rank - 1, n);
        Check.Work(y.Elements, k, this);
        return [new(Wide ? DType.Float32 : a.DType, y)];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var (a, b, d) = (node.Inputs[0], node.Inputs[1], dy[0]!.Cast(node.Inputs[0].Type.DType));
        var da = TransposeA ? b.MatMul(d, TransposeB, transposeB: true) : d.MatMul(b, transposeA: false, !TransposeB);
        var db = TransposeB ? d.MatMul(a, transposeA: true, TransposeA) : a.MatMul(d, !TransposeA);
        return [da, db];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfMacs(results[0].Shape.Elements * Sizes(inputs[0].Shape, inputs[1].Shape).K, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (a, b, y) = (inputs[0].Elements, inputs[1].Elements, results[0].Elements);
        var (m, k, _, n) = Sizes(inputs[0].Shape, inputs[1].Shape);
        var batches = m * n == 0 ? 0 : y.Length / (m * n);
        for (var batch = 0; batch < batches; batch++)
            for (var i = 0; i < m; i++)
                for (var l = 0; l < k; l++)
                {
                    var x = a[(batch * m * k) + (TransposeA ? (l * m) + i : (i * k) + l)];
                    for (var j = 0; j < n; j++)
                        y[(((batch * m) + i) * n) + j] += x * b[(batch * k * n) + (TransposeB ? (j * k) + l : (l * n) + j)];
                }
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("transpose_a", TransposeA);
        to.Add("transpose_b", TransposeB);
        if (Wide) to.Add("wide", Wide);
    }

    internal static MatMul Parse(AttributeReader from) => new(from.Flag("transpose_a"), from.Flag("transpose_b"), from.Has("wide") && from.Flag("wide"));

    private (int M, int K, int RowsOfB, int N) Sizes(Shape a, Shape b)
    {
        var (rows, columns) = (a.Rank - 2, a.Rank - 1);
        return (a[TransposeA ? columns : rows], a[TransposeA ? rows : columns], b[TransposeB ? columns : rows], b[TransposeB ? rows : columns]);
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.MatMul"/>.</summary>
    public static Value MatMul(this Value a, Value b, bool transposeA = false, bool transposeB = false) =>
        a.Graph.Add(new MatMul(transposeA, transposeB), a, b);
}
