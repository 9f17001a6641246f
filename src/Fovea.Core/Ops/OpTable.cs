using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Every operation by the name that it prints with: what reads graphs from text.</summary>
public static class OpTable
{
    private static readonly Dictionary<string, Func<AttributeReader, Op>> s_parse = Build();

    /// <summary>The names, in ordinal order. Variables are none of them: they are declared, not applied.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_parse.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The operation of that name with the attributes that <see cref="Op.Print"/> wrote.</summary>
    /// <param name="name">As in <see cref="Op.Name"/>.</param>
    /// <param name="attributes">The text between the braces.</param>
    /// <param name="budget">What the attributes may describe; if null that of a graph by itself.</param>
    /// <exception cref="GraphException">No operation has that name, or an attribute is missing or cannot be read.</exception>
    /// <exception cref="ShapeException">An attribute names axes that no tensor has.</exception>
    public static Op Parse(string name, string attributes, GraphBudget? budget = null) => s_parse.TryGetValue(name, out var parse)
        ? parse(new AttributeReader(name, attributes, budget))
        : throw new GraphException($"'{name}' is no operation; wanted one of {string.Join(", ", Names)}");

    private static Dictionary<string, Func<AttributeReader, Op>> Build()
    {
        var table = new Dictionary<string, Func<AttributeReader, Op>>(StringComparer.Ordinal);
        foreach (var (name, parse) in PointwiseRows())
        {
            table.Add(name, parse);
            table.Add($"{name}_gradient", from => new PointwiseGradient(parse(from)));
        }

        foreach (var (name, parse) in Rows()) table.Add(name, parse);
        return table;
    }

    private static (string Name, Func<AttributeReader, Pointwise> Parse)[] PointwiseRows() =>
    [
        ("affine", Affine.Parse),
        ("clip", Clip.Parse),
        ("clip_factor", ClipFactor.Parse),
        ("erf", _ => new Erf()),
        ("exp", _ => new Exp()),
        ("gelu", _ => new Gelu()),
        ("gelu_tanh", _ => new GeluTanh()),
        ("hard_sigmoid", _ => new HardSigmoid()),
        ("hard_swish", _ => new HardSwish()),
        ("leaky_relu", LeakyRelu.Parse),
        ("log", _ => new Log()),
        ("mish", _ => new Mish()),
        ("reciprocal", _ => new Reciprocal()),
        ("reciprocal_sqrt", _ => new ReciprocalSqrt()),
        ("relu", _ => new Relu()),
        ("round", _ => new Round()),
        ("sigmoid", _ => new Sigmoid()),
        ("silu", _ => new Silu()),
        ("softplus", _ => new Softplus()),
        ("sqrt", _ => new Sqrt()),
        ("square", _ => new Square()),
        ("tanh", _ => new Tanh()),
    ];

    private static (string Name, Func<AttributeReader, Op> Parse)[] Rows() =>
    [
        ("add", _ => new Add()),
        ("avg_pool", AvgPool.Parse),
        ("avg_pool_gradient", AvgPoolGradient.Parse),
        ("batch_norm", BatchNorm.Parse),
        ("batch_norm_gradient", BatchNormGradient.Parse),
        ("batch_norm_training", BatchNormTraining.Parse),
        ("blend", Blend.Parse),
        ("broadcast", Broadcast.Parse),
        ("cast", Cast.Parse),
        ("concat", Concat.Parse),
        ("constant", Constant.Parse),
        ("conv2d", Conv2d.Parse),
        ("conv2d_input_gradient", Conv2dInputGradient.Parse),
        ("conv2d_weight_gradient", Conv2dWeightGradient.Parse),
        ("dequantize", Dequantize.Parse),
        ("divide", _ => new Divide()),
        ("drop_path", DropPath.Parse),
        ("dropout", Dropout.Parse),
        ("greater_or_equal", _ => new GreaterOrEqual()),
        ("layer_norm", LayerNorm.Parse),
        ("layer_norm_gradient", LayerNormGradient.Parse),
        ("mat_mul", MatMul.Parse),
        ("max_pool", MaxPool.Parse),
        ("max_pool_gradient", MaxPoolGradient.Parse),
        ("maximum", _ => new Maximum()),
        ("minimum", _ => new Minimum()),
        ("multiply", _ => new Multiply()),
        ("named", Named.Parse),
        ("pad", Pad.Parse),
        ("quantize", Quantize.Parse),
        ("random_dropout", RandomDropout.Parse),
        ("random_scale", RandomScale.Parse),
        ("reduce", Reduce.Parse),
        ("reshape", Reshape.Parse),
        ("resize", Resize.Parse),
        ("resize_gradient", ResizeGradient.Parse),
        ("shake_drop", ShakeDrop.Parse),
        ("shake_shake", ShakeShake.Parse),
        ("slice", Slice.Parse),
        ("slice_gradient", SliceGradient.Parse),
        ("softmax", Softmax.Parse),
        ("softmax_cross_entropy", SoftmaxCrossEntropy.Parse),
        ("softmax_cross_entropy_gradient", SoftmaxCrossEntropyGradient.Parse),
        ("softmax_gradient", SoftmaxGradient.Parse),
        ("squared_norm", _ => new SquaredNorm()),
        ("stochastic_depth", StochasticDepth.Parse),
        ("stop_gradient", _ => new StopGradient()),
        ("subtract", _ => new Subtract()),
        ("take", _ => new Take()),
        ("take_gradient", TakeGradient.Parse),
        ("transpose", Transpose.Parse),
    ];
}
