using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>FastViT (Vasu et al. 2023, arXiv:2303.14189) in its training form; names and initialisers follow timm.</summary>
/// <remarks>
/// Blocks mix pixels by RepMixer, x + γ·(mixer(x) − norm(x)) with a depthwise MobileOne block as the mixer, or in the last stage of some
/// by self-attention behind a conditional position encoding (fig. 2). Channels are mixed by a depthwise 7×7 convolution and two 1×1
/// ones. The pass <c>Reparameterise</c> makes one convolution of a RepMixer, of a position encoding, and of a patch embedding.
/// </remarks>
internal static class FastVit
{
    private const int HeadWidth = 32;
    private const double ScaleInitial = 1e-5;

    private static readonly int[] s_widths = [64, 128, 256, 512];

    /// <summary>The rows of table 2 of the paper.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("fastvit_t8", [48, 96, 192, 384], [2, 2, 4, 2], ratio: 3),
        Row("fastvit_t12", s_widths, [2, 2, 6, 2], ratio: 3),
        Row("fastvit_s12", s_widths, [2, 2, 6, 2]),
        Row("fastvit_sa12", s_widths, [2, 2, 6, 2], attends: true),
        Row("fastvit_sa24", s_widths, [4, 4, 12, 4], attends: true),
        Row("fastvit_sa36", s_widths, [6, 6, 18, 6], attends: true),
        Row("fastvit_ma36", [76, 152, 304, 608], [6, 6, 18, 6], attends: true) with { CropFraction = 0.95 },
    ];

    private static ModelBuilder Of(int[] widths, int[] depths, int ratio, bool attends) => (s, x, options) =>
    {
        x = MobileOneBlock(s["stem"][0], x, new(widths[0], Kernel: 3, Stride: 2));
        x = MobileOneBlock(s["stem"][1], x, new(widths[0], Kernel: 3, Stride: 2, Groups: widths[0]));
        x = MobileOneBlock(s["stem"][2], x, new(widths[0], Kernel: 1));
        var (number, blocks) = (0, depths.Sum());
        for (var stage = 0; stage < depths.Length; stage++)
        {
            var (at, attention) = (s["stages"][stage], attends && stage == depths.Length - 1);
            if (stage > 0) x = PatchEmbedding(at["downsample.proj"], x, widths[stage]);
            if (attention) x = x.Plus(x.Conv(at["pos_emb.pos_enc"], x.Shape.C, kernel: 7, groups: x.Shape.C, bias: true, initial: Initializer.FanInUniform));
            for (var i = 0; i < depths[stage]; i++, number++)
            {
                var rate = options.DropPathAt(number, blocks);
                x = attention ? AttentionBlock(at["blocks"][i], x, ratio, rate) : RepMixerBlock(at["blocks"][i], x, ratio, rate);
            }
        }

        return Head(s, x, options);
    };

    private static Value Head(Scope s, Value x, ModelOptions options)
    {
        var (final, width) = (s["final_conv"], 2 * x.Shape.C);
        var gate = Gate(final["se"], width, width / 16);
        x = MobileOne.Block(final, x, new(width, Kernel: 3, Groups: x.Shape.C), branches: 1, Initializer.FanInUniform, Nodes.Gelu, gate: gate);
        return x.Classifier(s["head.fc"], options, new Initializer.Normal(0.02), Initializer.Zeros);
    }

    /// <summary>Squeeze and excitation whose parameters are declared before those of what it acts on.</summary>
    private static Func<Value, Value> Gate(Scope s, int channels, int reduced)
    {
        Func<Value, Value> Conv(Scope at, int inputs, int width)
        {
            var w = at.Parameter("weight", new Shape(width, inputs, 1, 1), Initializer.FanInUniform);
            var b = at.Parameter("bias", new Shape(width), new Initializer.Uniform(1 / Math.Sqrt(inputs)));
            return x => x.Conv2d(w, Window2d.Of()).PlusChannels(b);
        }

        var (reduce, expand) = (Conv(s["fc1"], channels, reduced), Conv(s["fc2"], reduced, channels));
        return x => x.Times(expand(reduce(x.GlobalAveragePool()).Relu()).Sigmoid());
    }

    private static Value MobileOneBlock(Scope s, Value x, BlockShape shape) =>
        MobileOne.Block(s, x, shape, branches: 1, Initializer.FanInUniform, Nodes.Gelu);

    /// <summary>A depthwise 7×7 convolution beside a 3×3 one, with stride 2, then a pointwise block.</summary>
    private static Value PatchEmbedding(Scope s, Value x, int width)
    {
        Value Branch(Scope at, int kernel) =>
            x.Conv(at["conv"], width, kernel, stride: 2, groups: x.Shape.C, initial: Initializer.FanInUniform).Norm(at["bn"]);
        var sum = Branch(s[0]["large_conv"], kernel: 7);
        return MobileOneBlock(s[1], sum.Plus(Branch(s[0]["small_conv"], kernel: 3)), new(width, Kernel: 1));
    }

    private static Value RepMixerBlock(Scope s, Value x, int ratio, double dropPath)
    {
        var (at, shape) = (s["token_mixer"], new BlockShape(x.Shape.C, Kernel: 3, Groups: x.Shape.C));
        var norm = MobileOne.Block(at["norm"], x, shape, branches: 0, Initializer.FanInUniform, activation: null, scales: false);
        var mixed = MobileOne.Block(at["mixer"], x, shape, branches: 1, Initializer.FanInUniform, activation: null);
        x = x.Plus(Scaled(at["layer_scale"], mixed.Minus(norm)));
        var y = ChannelMixer(s["mlp"], x, ratio);
        return x.Plus(Scaled(s["layer_scale"], y).DropPath(dropPath));
    }

    private static Value AttentionBlock(Scope s, Value x, int ratio, double dropPath)
    {
        var y = Attention(s["token_mixer"], x.Norm(s["norm"]));
        x = x.Plus(Scaled(s["layer_scale_1"], y).DropPath(dropPath));
        y = ChannelMixer(s["mlp"], x, ratio);
        return x.Plus(Scaled(s["layer_scale_2"], y).DropPath(dropPath));
    }

    /// <summary>Self-attention of the pixels with heads of <see cref="HeadWidth"/> channels: softmax(q·kᵀ/√d)·v, then a linear layer.</summary>
    private static Value Attention(Scope s, Value x)
    {
        var (n, channels, h, w) = (x.Shape.N, x.Shape.C, x.Shape.H, x.Shape.W);
        var (pixels, heads, small) = (h * w, channels / HeadWidth, new Initializer.Normal(0.02));
        var tokens = x.Transpose(0, 2, 3, 1).Reshape(new Shape(n * pixels, channels));
        var all = tokens.Linear(s["qkv"], 3 * channels, bias: false, small).Reshape(new Shape(n, pixels, 3 * heads, HeadWidth)).Transpose(0, 2, 1, 3);
        Value Part(int i) => all.Slice(axis: 1, i * heads, heads);
        var scores = Part(0).Times(1 / Math.Sqrt(HeadWidth)).MatMul(Part(1), transposeB: true);
        var y = scores.Softmax().MatMul(Part(2)).Transpose(0, 2, 1, 3).Reshape(new Shape(n * pixels, channels));
        return y.Linear(s["proj"], channels, bias: true, small, Initializer.Zeros).Reshape(new Shape(n, h, w, channels)).Transpose(0, 3, 1, 2);
    }

    private static Value ChannelMixer(Scope s, Value x, int ratio)
    {
        var (channels, small) = (x.Shape.C, new Initializer.Normal(0.02));
        var y = x.Conv(s["conv.conv"], channels, kernel: 7, groups: channels, initial: small).Norm(s["conv.bn"]);
        y = y.Conv(s["fc1"], channels * ratio, kernel: 1, bias: true, initial: small).Gelu();
        return y.Conv(s["fc2"], channels, kernel: 1, bias: true, initial: small);
    }

    /// <summary>A scale of each channel that starts near 0.</summary>
    private static Value Scaled(Scope s, Value x) =>
        x.Times(s.Parameter("gamma", new Shape(x.Shape.C, 1, 1), new Initializer.Fill(ScaleInitial)).Reshape(new Shape(1, x.Shape.C, 1, 1)));

    /// <summary>The names of the authors' code (github.com/apple/ml-fastvit), where stages and patch embeddings are one sequence, <c>network</c>.</summary>
    private static NameMap Official(bool attends) => new(
        "official",
        [
            ("network.0", "stages.0.blocks"), ("network.1.proj", "stages.1.downsample.proj"), ("network.2", "stages.1.blocks"),
            ("network.3.proj", "stages.2.downsample.proj"), ("network.4", "stages.2.blocks"), ("network.5.proj", "stages.3.downsample.proj"),
            ("network.6.pe", "stages.3.pos_emb.pos_enc"), (attends ? "network.7" : "network.6", "stages.3.blocks"), ("patch_embed", "stem"),
            ("rbr_conv", "conv_kxk"), ("rbr_scale", "conv_scale"), ("rbr_skip", "identity"), ("lkb_origin", "large_conv"), ("convffn", "mlp"),
            ("conv_exp", "final_conv"), ("se.reduce", "se.fc1"), ("se.expand", "se.fc2"), ("head", "head.fc"), ("layer_scale", "layer_scale.gamma"),
            ("layer_scale_1", "layer_scale_1.gamma"), ("layer_scale_2", "layer_scale_2.gamma"),
        ])
    { RegisteredFirst = ["layer_scale", "layer_scale_1", "layer_scale_2", "se"] };

    private static ModelRow Row(string name, int[] widths, int[] depths, int ratio = 4, bool attends = false) =>
        new(name, "fastvit", Of(widths, depths, ratio, attends))
        {
            Paper = "arXiv:2303.14189", Licence = "Apache-2.0", ImageSize = 256, CropFraction = 0.9, Interpolation = Interpolation.Bicubic,
            OtherNames = [Official(attends)], DeployNames = MobileOne.Deployed,
        };
}
