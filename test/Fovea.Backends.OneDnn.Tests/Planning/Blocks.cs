using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Planning;

/// <summary>Small models of one kind of block each, as the model zoo has them, with channels that are no multiples of sixteen.</summary>
internal static class Blocks
{
    internal static IReadOnlyDictionary<string, Func<Value, Scope, Value>> All { get; } = new Dictionary<string, Func<Value, Scope, Value>>
    {
        ["depthwise"] = Depthwise,
        ["branches_of_two_layouts"] = BranchesOfTwoLayouts,
        ["grouped"] = Grouped,
        ["squeeze_excite"] = SqueezeExcite,
        ["channel_shuffle"] = ChannelShuffle,
        ["split_chain"] = SplitChain,
        ["dense"] = Dense,
        ["dense_blocks"] = DenseBlocks,
        ["dense_blocks_of_few_pixels"] = (x, s) => DenseBlocks(x.AvgPool(4, 4), s),
        ["pooled_groups"] = PooledGroups,
        ["mixed_kernels"] = MixedKernels,
        ["uneven_splits"] = UnevenSplits,
        ["ghost"] = Ghost,
        ["inception"] = Inception,
        ["asymmetric"] = Asymmetric,
        ["spatial_attention"] = SpatialAttention,
        ["selective_kernel"] = SelectiveKernel,
        ["layer_scale"] = LayerScale,
        ["attention"] = Attention,
        ["drop_path"] = DropPath,
    };

    /// <summary>A convolution, the block, a classifier.</summary>
    internal static Graph Model(string block, int batch = 2, int size = 14)
    {
        var graph = new Graph(block);
        var s = new Scope(graph);
        var x = graph.Input("input", TensorType.F32(batch, 3, size, size)).Conv(s["stem"], 20, kernel: 3).Norm(s["stem_norm"]).Relu();
        graph.Output("logits", All[block](x, s["block"]).GlobalAveragePool().Linear(s["head"], 7));
        return graph;
    }

    private static Value Depthwise(Value x, Scope s)
    {
        var y = x.Conv(s["expand"], 72, kernel: 1).Norm(s["n1"]).Silu();
        y = y.Conv(s["dw"], 72, kernel: 5, stride: 1, groups: 72).Norm(s["n2"]).HardSwish();
        y = y.Conv(s["project"], 20, kernel: 1).Norm(s["n3"]).Plus(x);
        return y.Conv(s["dw2"], 20, kernel: 3, stride: 2, groups: 20).Norm(s["n4"]).Gelu();
    }

    /// <summary>Two normalised branches of which one comes from a depthwise convolution, whose channel blocks are wider than those of the other.</summary>
    private static Value BranchesOfTwoLayouts(Value x, Scope s)
    {
        var a = x.Conv(s["dw"], 40, kernel: 7, stride: 2, groups: 20).Norm(s["n1"]);
        return a.Plus(x.MaxPool(kernel: 3, stride: 2, padding: 1).Conv(s["one"], 40, kernel: 1).Norm(s["n2"])).Relu();
    }

    private static Value Grouped(Value x, Scope s)
    {
        var y = x.Conv(s["a"], 48, kernel: 1).Norm(s["n1"]).Relu().Conv(s["b"], 48, kernel: 3, stride: 2, groups: 12).Norm(s["n2"]).Relu();
        return y.Conv(s["c"], 60, kernel: 1, groups: 3).Norm(s["n3"]).Relu().Conv(s["d"], 60, kernel: 3, groups: 3).Norm(s["n4"]).Mish();
    }

    private static Value SqueezeExcite(Value x, Scope s)
    {
        var y = x.Conv(s["a"], 40, kernel: 3).Norm(s["n1"]).HardSwish();
        var gate = y.Mean(2, 3).Reshape(new Shape(y.Shape.N, 40, 1, 1)).Conv(s["reduce"], 10, kernel: 1, bias: true).Relu().Conv(s["expand"], 40, kernel: 1,
            bias: true).HardSigmoid();
        y = y.Times(gate).Conv(s["b"], 24, kernel: 1).Norm(s["n2"]);
        gate = y.GlobalAveragePool().Conv(s["reduce2"], 6, kernel: 1, bias: true).Silu().Conv(s["expand2"], 24, kernel: 1, bias: true).Sigmoid();
        return gate.Times(y).Relu();
    }

    private static Value ChannelShuffle(Value x, Scope s)
    {
        var (a, b) = (x.Slice(1, 0, 10), x.Slice(1, 10, 10));
        b = b.Conv(s["a"], 10, kernel: 1).Norm(s["n1"]).Relu().Conv(s["dw"], 10, kernel: 3, groups: 10).Norm(s["n2"]);
        var y = Shuffle(a.Concat(1, b.Conv(s["b"], 10, kernel: 1).Norm(s["n3"]).Relu()), 2);
        (a, b) = (y.Slice(1, 0, 10), y.Slice(1, 10, 10));
        return Shuffle(a.Concat(1, b.Conv(s["c"], 22, kernel: 1).Norm(s["n4"]).Relu()), 4);
    }

    private static Value Shuffle(Value x, int groups)
    {
        var (n, c, h, w) = (x.Shape.N, x.Shape.C, x.Shape.H, x.Shape.W);
        return x.Reshape(new Shape(n, groups, c / groups, h, w)).Transpose(0, 2, 1, 3, 4).Reshape(x.Shape);
    }

    private static Value SplitChain(Value x, Scope s)
    {
        var y = x.Conv(s["a"], 56, kernel: 1).Norm(s["n"]).Relu();
        var parts = Enumerable.Range(0, 4).Select(i => y.Slice(1, 14 * i, 14)).ToArray();
        for (var i = 1; i < 4; i++) parts[i] = (i == 1 ? parts[i] : parts[i].Plus(parts[i - 1])).Conv(s["b"][i], 14, kernel: 3).Norm(s["m"][i]).Relu();
        return parts[1].Concat(1, parts[2], parts[3], parts[0]).Conv(s["c"], 20, kernel: 1).Norm(s["o"]).Plus(x).Relu();
    }

    private static Value Dense(Value x, Scope s)
    {
        for (var i = 0; i < 3; i++)
        {
            var y = x.Norm(s["n"][i]).Relu().Conv(s["a"][i], 32, kernel: 1).Norm(s["m"][i]).Relu().Conv(s["b"][i], 12, kernel: 3);
            x = x.Concat(1, y);
        }

        return x.Norm(s["last"]).Relu().Conv(s["down"], 28, kernel: 1).AvgPool(2, 2);
    }

    private static Value DenseBlocks(Value x, Scope s)
    {
        x = x.Conv(s["up"], 32, kernel: 1);
        for (var i = 0; i < 3; i++) x = x.Concat(1, x.Norm(s["n"][i]).Relu().Conv(s["b"][i], 16, kernel: 3));
        return x.Norm(s["last"]).Relu();
    }

    /// <summary>What comes in channel blocks of four, which no optimised pooling takes.</summary>
    private static Value PooledGroups(Value x, Scope s)
    {
        var y = x.Conv(s["a"], 60, kernel: 1).Norm(s["n1"]).Relu().Conv(s["b"], 60, kernel: 1, groups: 3).Norm(s["n2"]).AvgPool(3, 2, padding: 1);
        return y.Conv(s["c"], 60, kernel: 1, groups: 3).Norm(s["n3"]).MaxPool(3, 1, padding: 1);
    }

    private static Value MixedKernels(Value x, Scope s)
    {
        var y = x.Conv(s["e0"], 40, kernel: 1).Norm(s["n1"]).Silu();
        int[] sizes = [16, 12, 12];
        var parts = sizes.Select((size, i) => y.Slice(1, sizes[..i].Sum(), size).Conv(s["dw"][i], size, kernel: 3 + (2 * i), stride: 2,
            groups: size)).ToArray();
        y = parts[0].Concat(1, parts[1], parts[2]).Norm(s["n2"]).Silu();
        return y.Slice(1, 0, 20).Conv(s["p0"], 12, kernel: 1).Concat(1, y.Slice(1, 20, 20).Conv(s["p1"], 12, kernel: 1)).Norm(s["n3"]);
    }

    /// <summary>Several splits of one tensor, all between the multiples of 8 and 16 channels, whose parts are convolved, swapped and joined again.</summary>
    private static Value UnevenSplits(Value x, Scope s)
    {
        var y = x.Conv(s["expand"], 61, kernel: 1).Norm(s["n1"]).Silu();
        var mixed = Split(y, 21, 17, 14, 9).Select((part, i) => part.Conv(s["dw"][i], part.Shape.C, kernel: 3 + (2 * i), groups: part.Shape.C)).ToArray();
        var (left, right) = (Split(y, 5, 30, 26), Split(y, 13, 48));
        y = mixed[0].Concat(1, mixed.AsSpan(1)).Norm(s["n2"]).Silu().Plus(left[2].Concat(1, left[0], left[1])).Plus(right[1].Concat(1, right[0]));
        var halves = Split(y, 30, 31).Select((part, i) => part.Conv(s["project"][i], 10, kernel: 1)).ToArray();
        return halves[0].Concat(1, halves[1]).Norm(s["n3"]).Plus(x);
    }

    private static Value[] Split(Value x, params int[] sizes) => [.. sizes.Select((size, i) => x.Slice(1, sizes[..i].Sum(), size))];

    private static Value Ghost(Value x, Scope s)
    {
        var primary = x.Conv(s["primary"], 12, kernel: 1).Norm(s["n1"]).Relu();
        var cheap = primary.Conv(s["cheap"], 12, kernel: 3, groups: 12).Norm(s["n2"]).Relu();
        return primary.Concat(1, cheap).Slice(1, 0, 20).Plus(x);
    }

    private static Value Inception(Value x, Scope s)
    {
        var a = x.Conv(s["a"], 24, kernel: 1).Norm(s["na"]).Relu();
        var b = x.Conv(s["b1"], 20, kernel: 1).Norm(s["nb1"]).Relu().Conv2d(s["b2"].Parameter("weight", new Shape(28, 20, 1, 7), Initializer.KaimingFanOut),
            new Window2d(Left: 3, Right: 3)).Norm(s["nb2"]).Relu();
        var c = x.AvgPool(3, 1, 1, countPadding: false).Conv(s["c"], 10, kernel: 1).Norm(s["nc"]).Relu();
        return a.Concat(1, b, c, x.MaxPool(3, 1, 1));
    }

    private static Value Asymmetric(Value x, Scope s)
    {
        var window = new Window2d(StrideH: 2, StrideW: 2, Bottom: 1, Right: 1);
        var y = x.Conv2d(s["a"].Parameter("weight", new Shape(36, 20, 3, 3), Initializer.KaimingFanOut), window).Norm(s["n1"]).Silu();
        y = y.Conv2d(s["dw"].Parameter("weight", new Shape(36, 1, 5, 5), Initializer.KaimingFanOut),
            new Window2d(2, 2, Top: 1, Left: 1, Bottom: 2, Right: 2), 36).Norm(s["n2"]).Silu();
        y = y.Pad(2, 1, 2).Pad(3, 0, 1);
        return y.AvgPool(2, 2, new Window2d(Bottom: 1), countPadding: false).Plus(y.MaxPool(2, 2, new Window2d(Top: 1)));
    }

    private static Value SpatialAttention(Value x, Scope s)
    {
        var channel = x.Mean(2, 3).Plus(x.Max(2, 3)).Reshape(new Shape(x.Shape.N, x.Shape.C, 1, 1)).Sigmoid();
        x = x.Times(channel);
        var plane = new Shape(x.Shape.N, 1, x.Shape.H, x.Shape.W);
        var maps = x.Mean(1).Reshape(plane).Concat(1, x.Max(1).Reshape(plane));
        return x.Times(maps.Conv(s["c"], 1, kernel: 7).Norm(s["n"]).Sigmoid());
    }

    private static Value SelectiveKernel(Value x, Scope s)
    {
        var (a, b) = (x.Conv(s["a"], 40, kernel: 3, groups: 4).Norm(s["na"]).Relu(),
            x.Conv(s["b"], 40, kernel: 3, dilation: 2, padding: 2).Norm(s["nb"]).Relu());
        var z = a.Plus(b).Mean(2, 3).Linear(s["reduce"], 16, bias: false).Norm(s["n"]).Relu();
        var weights = z.Linear(s["expand"], 80).Reshape(new Shape(x.Shape.N, 2, 40, 1, 1)).Softmax(1);
        var (u, v) = (weights.Slice(1, 0, 1).Reshape(new Shape(x.Shape.N, 40, 1, 1)), weights.Slice(1, 1, 1).Reshape(new Shape(x.Shape.N, 40, 1, 1)));
        return a.Times(u).Plus(b.Times(v));
    }

    private static Value LayerScale(Value x, Scope s)
    {
        var y = x.Conv(s["dw"], 20, kernel: 7, groups: 20, bias: true);
        y = y.LayerNorm(s["norm"].Parameter("weight", new Shape(20), Initializer.Ones), s["norm"].Parameter("bias", new Shape(20), Initializer.Zeros), 1e-6,
            axis: 1);
        y = y.Conv(s["fc1"], 80, kernel: 1, bias: true).Gelu().Conv(s["fc2"], 20, kernel: 1, bias: true);
        return x.Plus(y.Times(s.Parameter("gamma", new Shape(20), Initializer.Ones).Reshape(new Shape(1, 20, 1, 1))));
    }

    private static Value Attention(Value x, Scope s)
    {
        const int Heads = 2;
        var (n, c, t) = (x.Shape.N, x.Shape.C, x.Shape.H * x.Shape.W);
        var tokens = x.Reshape(new Shape(n, c, t)).Transpose(0, 2, 1);
        var y = tokens.LayerNorm(s["norm"].Parameter("weight", new Shape(c), Initializer.Ones), s["norm"].Parameter("bias", new Shape(c), Initializer.Zeros));
        var qkv = y.Reshape(new Shape(n * t, c)).Linear(s["qkv"], 3 * c).Reshape(new Shape(n, t, 3, Heads, c / Heads)).Transpose(2, 0, 3, 1, 4);
        var (q, k, v) = (Part(0), Part(1), Part(2));
        var weights = q.MatMul(k, transposeB: true).Times(1 / Math.Sqrt(c / Heads)).Softmax(3);
        y = weights.MatMul(v).Transpose(0, 2, 1, 3).Reshape(new Shape(n * t, c)).Linear(s["proj"], c).Reshape(new Shape(n, t, c));
        y = tokens.Plus(y);
        y = y.Plus(y.Reshape(new Shape(n * t, c)).Linear(s["fc1"], 2 * c).Gelu().Linear(s["fc2"], c).Reshape(new Shape(n, t, c)));
        return y.Transpose(0, 2, 1).Reshape(x.Shape);

        Value Part(int i) => qkv.Slice(0, i, 1).Reshape(new Shape(n, Heads, t, c / Heads));
    }

    private static Value DropPath(Value x, Scope s) =>
        x.Plus(x.Conv(s["a"], 20, kernel: 3).Norm(s["n1"]).Silu().DropPath(0.5)).Plus(x.Conv(s["b"], 20,
            kernel: 1).Norm(s["n2"]).StochasticDepth(0.5)).Dropout(0.3);
}
