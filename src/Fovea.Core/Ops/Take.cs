using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Rows of a table: table [R, …], indices s32 [I…] → y [I…, …] with y[i…] = table[indices[i…]].</summary>
/// <remarks>An index outside 0 to R − 1 takes a row of zeros. PyTorch: table[indices]. ONNX: Gather along axis 0.</remarks>
public sealed record Take : Op
{
    /// <inheritdoc/>
    public override string Name => "take";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Check.That(inputs[0].Shape.Rank > 0, this, $"table is {inputs[0]}; wanted [rows, …]");
        Check.That(inputs[1].DType == DType.Int32, this, $"indices are {inputs[1]}; wanted s32");
        var rank = inputs[1].Shape.Rank + inputs[0].Shape.Rank - 1;
        Check.That(rank <= Shape.MaxRank, this, $"table {inputs[0].Shape} with indices {inputs[1].Shape} gives {rank} axes; wanted at most {Shape.MaxRank}");
        return [inputs[0] with { Shape = Rows(inputs[0].Shape, inputs[1].Shape) }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        [node.Graph.Add(new TakeGradient(node.Inputs[0].Shape), dy[0]!, node.Inputs[1]), null];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Graphs.Cost.OfFlops(0, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (table, indices, y) = (inputs[0], inputs[1], results[0]);
        var row = RowSize(table.Shape);
        for (var i = 0; i < indices.Elements.Length; i++)
            if (indices[i] >= 0 && indices[i] < table.Shape[0]) Array.Copy(table.Elements, (long)indices[i] * row, y.Elements, i * row, row);
    }

    internal static Shape Rows(Shape table, Shape indices) => new([.. indices.ToArray(), .. table.ToArray()[1..]]);

    internal static long RowSize(Shape table) => table.With(0, 1).Elements;
}

/// <summary>The gradient of <see cref="Take"/>: dy [I…, …], indices s32 [I…] → dtable [R, …], where rows that were taken more than once add up.</summary>
/// <param name="Table">The shape of the table.</param>
public sealed record TakeGradient(Shape Table) : Op
{
    /// <inheritdoc/>
    public override string Name => "take_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Check.That(Table.Rank > 0 && inputs[1].DType == DType.Int32, this, $"table {Table}, indices {inputs[1]}; wanted [rows, …] and s32");
        Check.That(inputs[0].DType.IsFloat, this, $"dy is {inputs[0]}; wanted fractions");
        Check.That(inputs[0].Shape == Take.Rows(Table, inputs[1].Shape), this,
            $"dy is {inputs[0]}; indices {inputs[1]} of table {Table} want {Take.Rows(Table, inputs[1].Shape)}");
        return [inputs[0] with { Shape = Table }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [dy[0]!.Take(node.Inputs[1]), null];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(inputs[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (dy, indices, table) = (inputs[0], inputs[1], results[0]);
        var row = Take.RowSize(Table);
        for (var i = 0; i < indices.Elements.Length; i++)
        {
            if (!(indices[i] >= 0 && indices[i] < Table[0])) continue;
            for (var j = 0; j < row; j++) table[((long)indices[i] * row) + j] += dy[(i * row) + j];
        }
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("table", Table);

    internal static TakeGradient Parse(AttributeReader from) => new(from.Shape("table"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Take"/>.</summary>
    public static Value Take(this Value table, Value indices) => table.Graph.Add(new Take(), table, indices);
}
