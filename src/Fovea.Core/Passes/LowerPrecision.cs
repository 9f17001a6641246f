using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>Computes images in bfloat16 and all else in float32: mixed precision, for training and inference graphs alike.</summary>
/// <remarks>
/// Convolutions, matrix products of tokens and what lies between them read and write bfloat16; parameters, their gradients and updates,
/// tables, statistics, sums, matrix products of the classifier, loss and outputs stay float32. It starts with the first convolution or
/// matrix product that an image meets before it becomes a row of features. Casts stand where the two meet; the float32 parameters are the
/// master weights.
/// </remarks>
public sealed class LowerPrecision : Pass
{
    /// <summary>What an operation other than a product makes of the images, until they become rows of features.</summary>
    private readonly HashSet<Value> _images = [];

    /// <summary>N, the number of images.</summary>
    private int _count;

    /// <inheritdoc/>
    public override string Name => "lower_precision";

    /// <inheritdoc/>
    public override Graph Apply(Graph source)
    {
        var to = new Remap(source);
        _images.Clear();
        _count = source.Variables.FirstOrDefault(AreImages)?.Shape[0] ?? 0;
        foreach (var node in source.Nodes)
        {
            if (IsOfImages(node)) _images.UnionWith(node.Results);
            if (node.Op is Variable) to.Copy(node);
            else if (node.Op is Cast { DType: DType.Float32 or DType.BFloat16 } cast) to.Set(node, [As(to[node.Inputs[0]], cast.DType)]);
            else Lower(node, to);
        }

        foreach (var (name, value) in source.Outputs) to.Graph.Output(name, As(to[value], value.Type.DType));
        foreach (var (name, value, lossWeight) in source.Auxiliaries) to.Graph.Auxiliary(name, As(to[value], value.Type.DType), lossWeight);
        foreach (var (variable, next) in source.Updates) to.Graph.Update(to[variable], As(to[next], next.Type.DType));
        return new EliminateCommonSubexpressions().Apply(to.Graph);
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => null;

    private void Lower(Node node, Remap to)
    {
        var operands = Operands(node, to);
        var isWeightGradient = node is { Op: MatMul { TransposeA: true }, Result.Shape.Rank: 2 } && IsHeldLow(operands[0]);
        var op = isWeightGradient ? (MatMul)node.Op with { Wide = true } : node.Op;
        to.Set(node, [.. to.Graph.AddNode(op, operands).Results]);
    }

    private Value[] Operands(Node node, Remap to)
    {
        var operands = node.Inputs.Select(input => to[input]).ToArray();
        for (var i = 0; i < operands.Length; i++)
            if (operands[i].Type.DType.IsFloat) operands[i] = As(operands[i], IsLow(node, i, operands) ? DType.BFloat16 : DType.Float32);
        return operands;
    }

    /// <summary>Whether a node reads operand <paramref name="i"/> in bfloat16.</summary>
    private bool IsLow(Node node, int i, Value[] operands) => node.Op switch
    {
        Conv2d or Conv2dInputGradient or Conv2dWeightGradient => true,
        BatchNorm or BatchNormTraining => i == 0 && IsImage(node.Inputs[0]),
        BatchNormGradient => i is 0 or 5 && IsImage(node.Inputs[0]),
        LayerNorm => i == 0 && IsHeldLow(operands[0]),
        LayerNormGradient => i is 0 or 2 && IsHeldLow(operands[0]),
        MatMul when node.Inputs.Any(_images.Contains) => true,
        Reshape => IsHeldLow(operands[0]) && !IsFlattening(node),
        MaxPool or MaxPoolGradient or AvgPool or AvgPoolGradient or Pad or Slice or SliceGradient or Concat or Pointwise or PointwiseGradient
            or Binary or Dropout or RandomDropout or RandomScale or RandomBranch or ShakeShake or Resize or ResizeGradient or Softmax or SoftmaxGradient
            or MatMul or Transpose or Broadcast =>
            node.Result.Shape.Rank > 1 && Array.Exists(operands, IsHeldLow),
        _ => false,
    };

    private bool IsOfImages(Node node) => node.Op switch
    {
        Variable => AreImages(node.Result),
        Conv2d or MatMul => false,
        Reshape or Reduce when IsFlattening(node) => false,
        _ => node.Inputs.Any(_images.Contains),
    };

    private static bool AreImages(Value value) => value is { Variable.Kind: VariableKind.Input, Shape.Rank: > 2 };

    /// <summary>Whether images become rows of features: what follows is the classifier. Tokens that become rows of a matrix stay tokens.</summary>
    private bool IsFlattening(Node node) => node.Result.Shape is { Rank: 1 or 2 } rows && rows[0] == _count;

    private static bool IsImage(Value value) => value.Shape.Rank == 4;

    private static bool IsHeldLow(Value value) => value.Type.DType == DType.BFloat16;

    private static Value As(Value value, DType type) => value.Type.DType == type ? value : value.Graph.Add(new Cast(type), value);
}
