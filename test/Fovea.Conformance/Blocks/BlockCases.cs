using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Conformance.Blocks;

/// <summary>Norms with sums and activations, maps, gathers and attention, forwards and backwards, as steps of training have them.</summary>
public static class BlockCases
{
    private const double Epsilon = 1e-5;

    /// <summary>Every block.</summary>
    public static IReadOnlyList<BlockCase> All { get; } =
    [
        .. Activated("relu", Nodes.Relu), .. Activated("silu", Nodes.Silu), .. Activated("gelu", Nodes.Gelu), .. Activated("mish", Nodes.Mish),
        .. Activated("hard_swish", Nodes.HardSwish), .. Activated("relu6", Nodes.Relu6), .. Activated("leaky_relu", x => x.LeakyRelu(0.1)),
        .. Activated("sigmoid", Nodes.Sigmoid),
        Norms("repvgg", [16, 64, 28, 28], norms: 3, plain: 0),
        Norms("repvgg_late", [32, 256, 14, 14], norms: 2, plain: 0),
        Norms("mobileone", [8, 96, 28, 28], norms: 6, plain: 0),
        Norms("residual", [8, 64, 56, 56], norms: 1, plain: 1),
        Norms("projected_residual", [16, 128, 28, 28], norms: 2, plain: 0),
        Norms("dla_root", [16, 144, 14, 14], norms: 1, plain: 3),
        new("linear_residual", x => Norm(x, 0).Plus(x[3]), [.. NormInputs([16, 144, 14, 14]), OpInput.Of(16, 144, 14, 14)]),
        new("preactivated_twice", x => Shared(Norm(x, 0).Relu(), x[3]), [.. NormInputs([16, 64, 28, 28]), OpInput.Of(16, 64, 28, 28)]),
        new(
            "squeeze_excite", x => x[0].Times(x[1].Sigmoid()).Plus(x[2]),
            OpInput.Of(16, 240, 14, 14), OpInput.Of(16, 240, 1, 1), OpInput.Of(16, 240, 14, 14)),
        new("gate_of_itself", x => x[0].Times(x[0].GlobalAveragePool().HardSigmoid()), OpInput.Of(16, 144, 14, 14)),
        new(
            "layer_scale", x => x[0].Plus(x[1].Times(x[2].Reshape(new Shape(1, 96, 1, 1)))),
            OpInput.Of(8, 96, 28, 28), OpInput.Of(8, 96, 28, 28), OpInput.Of(96)),
        new("spatial_attention", x => x[0].Times(x[0].Mean(1).Reshape(new Shape(16, 1, 28, 28)).Sigmoid()), OpInput.Of(16, 64, 28, 28)),
        new(
            "dense", x => Norm(x, 0).Relu().Concat(1, x[3], x[4]),
            [.. NormInputs([16, 32, 28, 28]), OpInput.Of(16, 32, 28, 28), OpInput.Of(16, 64, 28, 28)]),
        new("shuffle", x => Shuffled(x[0].Concat(1, Norm(x, 1).Relu())), [OpInput.Of(16, 58, 28, 28), .. NormInputs([16, 58, 28, 28])]),
        new("mixed_channels", x => Mixed(x[0].Silu()), OpInput.Of(16, 120, 14, 14)),
        new(
            "pre_norm", x => x[0].Plus(x[0].LayerNorm(x[1], x[2]).Gelu()),
            OpInput.Of(8, 197, 192), OpInput.Of(192).Between(0.5, 1.5).Wide, OpInput.Of(192).Wide),
        new("attention", Attention, OpInput.Of(8, 6, 197, 32), OpInput.Of(8, 6, 197, 32), OpInput.Of(8, 6, 197, 32)),
        new("pooled_features", x => x[0].Relu().GlobalAveragePool().Reshape(new Shape(32, 256)), OpInput.Of(32, 256, 14, 14).Between(-1, 1, avoid: 0)),
        new("bias_and_rectifier", x => x[0].PlusChannels(x[1]).Relu(), OpInput.Of(16, 64, 28, 28), OpInput.Of(64)),
    ];

    /// <summary>The block of that name.</summary>
    public static BlockCase Find(string name) => All.First(block => block.Name == name);

    private static IEnumerable<BlockCase> Activated(string name, Func<Value, Value> activation)
    {
        yield return new($"norm_{name}", x => activation(Norm(x, 0)), NormInputs([16, 144, 14, 14]));
        yield return new($"sum_{name}", x => activation(x[0].Plus(x[1])), OpInput.Of(8, 64, 28, 28), OpInput.Of(8, 64, 28, 28));
    }

    /// <summary>A rectified sum of norms and of what comes as it is.</summary>
    private static BlockCase Norms(string name, int[] shape, int norms, int plain) => new(
        name,
        x => Enumerable.Range(0, norms).Select(i => Norm(x, 3 * i)).Concat(x[(3 * norms)..]).Aggregate((sum, term) => sum.Plus(term)).Relu(),
        [.. Enumerable.Repeat(NormInputs(shape), norms).SelectMany(inputs => inputs), .. Enumerable.Repeat(OpInput.Of(shape), plain)]);

    private static OpInput[] NormInputs(int[] shape) => [OpInput.Of(shape), OpInput.Of(shape[1]).Between(0.5, 1.5).Wide, OpInput.Of(shape[1]).Wide];

    private static Value Norm(Value[] inputs, int first) =>
        inputs[first].Graph.AddNode(new BatchNormTraining(Epsilon), inputs[first], inputs[first + 1], inputs[first + 2]).Results[0];

    /// <summary>What two readers share: its gradient is a sum.</summary>
    private static Value Shared(Value x, Value other) => x.Times(other).Plus(x);

    private static Value Shuffled(Value x)
    {
        var (n, c, h, w) = (x.Shape.N, x.Shape.C, x.Shape.H, x.Shape.W);
        return x.Reshape(new Shape(n, 2, c / 2, h, w)).Transpose(0, 2, 1, 3, 4).Reshape(x.Shape);
    }

    /// <summary>Splits between the multiples of 8 and 16 channels, in another order behind.</summary>
    private static Value Mixed(Value x) => x.Slice(1, 0, 31).Concat(1, x.Slice(1, 77, 43), x.Slice(1, 31, 46));

    private static Value Attention(Value[] x) =>
        x[0].MatMul(x[1], transposeB: true).Times(1 / Math.Sqrt(x[0].Shape[3])).Softmax(3).MatMul(x[2]);
}
