using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>
/// Joins convolutions with the dequantisations of their operands, with the quantisation that alone reads the result, and then with the dequantisation of the
/// residual, so that integers go in and come out.
/// </summary>
/// <param name="computes">Whether the product is computed in integers, of operands of these types.</param>
internal sealed class FuseIntegers(Func<IntegerConv2d, IReadOnlyList<TensorType>, bool> computes) : Pass
{
    public override string Name => "fuse_integers";

    protected override Value[]? Rewrite(Node node, Remap to) => node.Op switch
    {
        FusedConv2d conv => Product(node, conv, to),
        Quantize => Stored(node, to),
        _ => null,
    };

    private Value[]? Product(Node node, FusedConv2d conv, Remap to)
    {
        if (IntegerType.Read(node.Inputs[0]) is not { Type: DType.UInt8 or DType.Int8 } source || Scales(node.Inputs[1]) is not { } weights) return null;
        var (inputs, most) = (node.Inputs.ToArray(), IntegerType.MostOf(node.Inputs[1].Node));
        (inputs[0], inputs[1]) = (inputs[0].Node.Inputs[0], inputs[1].Node.Inputs[0]);
        return Made(new(conv, source, weights, most, Sum: null, Result: null), inputs, to);
    }

    /// <summary>Stores integers. A residual is added to what the result's memory holds, which is integers of the same type then.</summary>
    private Value[]? Stored(Node node, Remap to)
    {
        if (node.Inputs[0] is not { UsedOnce: true, Op: IntegerConv2d { Result: null } conv } product || IntegerType.Written(node) is not { } result) return null;
        var inputs = product.Node.Inputs.ToArray();
        var joined = conv with { Result = result };
        if (conv.Conv.HasSum)
        {
            if (IntegerType.Read(inputs[^1]) is not { } sum || sum.Type != result.Type) return null;
            inputs[^1] = inputs[^1].Node.Inputs[0];
            joined = joined with { Sum = sum };
        }

        return Made(joined, inputs, to);
    }

    private Value[]? Made(IntegerConv2d op, Value[] inputs, Remap to) =>
        computes(op, [.. inputs.Select(input => input.Type)]) ? [to.Graph.Add(op, [.. inputs.Select(input => to[input])])] : null;

    /// <summary>The scales of weights that are dequantised by filters; null for others.</summary>
    private static Constant? Scales(Value weights) =>
        weights is { Op: Dequantize { Axis: 0 }, Node: { } node } && node.Inputs[0].Type.DType == DType.Int8
            && node.Inputs[1].Op is Constant scales && scales.Tensor.Shape == new Shape(weights.Shape[0])
            && node.Inputs[2].Op is Constant { Tensor.Ints: var zeros } && !zeros.ContainsAnyExcept(0)
            ? scales
            : null;
}
