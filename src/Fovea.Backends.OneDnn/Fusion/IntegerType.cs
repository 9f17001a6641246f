using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>What the integers of a tensor stand for: (x − zero) · scale.</summary>
/// <param name="Type">Their element type.</param>
/// <param name="Scale">The scale.</param>
/// <param name="Zero">The zero point.</param>
/// <param name="Most">The greatest magnitude among them.</param>
internal sealed record IntegerType(DType Type, float Scale, int Zero, int Most)
{
    /// <summary>What is dequantised by one known scale; null for other values.</summary>
    internal static IntegerType? Read(Value value) => value.Op is Dequantize && Single(value.Node, MostOf(value.Node)) is { } scale
        ? scale with { Type = value.Node.Inputs[0].Type.DType }
        : null;

    /// <summary>What a node quantises to by one known scale, in the whole range of the type; null for other nodes.</summary>
    internal static IntegerType? Written(Node node) =>
        node.Op is Quantize op && op == Quantize.To(op.DType) && Single(node, most: 0) is { } scale ? scale with { Type = op.DType } : null;

    /// <summary>The greatest magnitude among integers that are dequantised.</summary>
    internal static int MostOf(Node dequantize)
    {
        var (op, type) = ((Dequantize)dequantize.Op, dequantize.Inputs[0].Type.DType);
        if (type == DType.Int32) return int.MaxValue;
        var range = Quantize.To(type);
        return Math.Max(-Math.Max(op.Low, range.Low), Math.Min(op.High, range.High));
    }

    private static IntegerType? Single(Node node, int most) =>
        node.Inputs[1].Op is Constant { Tensor: { Shape.Rank: 0 } scale } && node.Inputs[2].Op is Constant { Tensor: { Shape.Rank: 0 } zero }
            ? new(DType.Int8, scale.Floats[0], zero.Ints[0], most)
            : null;
}
