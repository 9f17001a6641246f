using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>x as another element type: x → y. ONNX: Cast.</summary>
/// <remarks>Rounds to the nearest, ties to even; integers clamp at their range (PyTorch cuts fractions off and wraps).</remarks>
/// <param name="DType">The element type of the result.</param>
public sealed record Cast(DType DType) : Op
{
    /// <inheritdoc/>
    public override string Name => "cast";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        return [inputs[0] with { DType = DType }];
    }

    /// <summary>dy in the element type of x; none when either side is of integers.</summary>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var x = node.Inputs[0].Type.DType;
        return [x.IsFloat && DType.IsFloat ? dy[0]!.Cast(x) : null];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Graphs.Cost.OfFlops(0, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0].Elements, results[0].Elements);
        for (var i = 0; i < y.Length; i++) y[i] = Rounded(x[i]);
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("type", DType.ShortName);

    internal static Cast Parse(AttributeReader from) => new(from.DType("type"));

    private double Rounded(double x) => DType switch
    {
        DType.Float32 => x,
        DType.BFloat16 => BFloat16Bits.Round((float)x),
        DType.Int32 => Math.Round(Math.Clamp(x, int.MinValue, int.MaxValue)),
        DType.Int8 => Math.Round(Math.Clamp(x, sbyte.MinValue, sbyte.MaxValue)),
        _ => Math.Round(Math.Clamp(x, byte.MinValue, byte.MaxValue)),
    };
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Cast"/>; x itself when it has the type.</summary>
    public static Value Cast(this Value x, DType type) => x.Type.DType == type ? x : x.Graph.Add(new Cast(type), x);
}
