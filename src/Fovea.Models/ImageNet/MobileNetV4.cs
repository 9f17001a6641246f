using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>MobileNetV4 (Qin et al. 2024, arXiv:2404.10518): universal inverted bottlenecks, and attention whose heads share keys and values; names follow timm.</summary>
internal static class MobileNetV4
{
    private const int Head = 1280;

    /// <summary>What the channels of a hybrid's blocks are scaled by at first.</summary>
    private const double LayerScale = 1e-5;

    private static readonly Block[][] s_convSmall =
    [
        [Conv(32, 3, 2), Conv(32, 1, 1)],
        [Conv(96, 3, 2), Conv(64, 1, 1)],
        [Universal(96, 192, 5, 5, 2), .. Times(4, Universal(96, 192, 0, 3)), Universal(96, 384, 3, 0)],
        [Universal(128, 576, 3, 3, 2), Universal(128, 512, 5, 5), Universal(128, 512, 0, 5), Universal(128, 384, 0, 5),
            .. Times(2, Universal(128, 512, 0, 3))],
        [Conv(960, 1, 1)],
    ];

    private static readonly Block[][] s_convMedium =
    [
        [Fused(48, 128, 2)],
        [Universal(80, 192, 3, 5, 2), Universal(80, 160, 3, 3)],
        [Universal(160, 480, 3, 5, 2), .. Times(2, Universal(160, 640, 3, 3)), Universal(160, 640, 3, 5), Universal(160, 640, 3, 3),
            Universal(160, 640, 3, 0), Universal(160, 320, 0, 0), Universal(160, 640, 3, 0)],
        [Universal(256, 960, 5, 5, 2), Universal(256, 1024, 5, 5), .. Times(2, Universal(256, 1024, 3, 5)), Universal(256, 1024, 0, 0),
            Universal(256, 1024, 3, 0), Universal(256, 512, 3, 5), Universal(256, 1024, 5, 5), .. Times(2, Universal(256, 1024, 0, 0)),
            Universal(256, 512, 5, 0)],
        [Conv(960, 1, 1)],
    ];

    private static readonly Block[][] s_convLarge =
    [
        [Fused(48, 96, 2)],
        [Universal(96, 192, 3, 5, 2), Universal(96, 384, 3, 3)],
        [Universal(192, 384, 3, 5, 2), .. Times(3, Universal(192, 768, 3, 3)), Universal(192, 768, 3, 5), .. Times(5, Universal(192, 768, 5, 3)),
            Universal(192, 768, 3, 0)],
        [Universal(512, 768, 5, 5, 2), .. Times(3, Universal(512, 2048, 5, 5)), Universal(512, 2048, 5, 0), Universal(512, 2048, 5, 3),
            .. Times(2, Universal(512, 2048, 5, 0)), Universal(512, 2048, 5, 3), Universal(512, 2048, 5, 5),
            .. Times(3, Universal(512, 2048, 5, 0))],
        [Conv(960, 1, 1)],
    ];

    private static readonly Block[][] s_hybridMedium =
    [
        [Fused(48, 128, 2)],
        [Universal(80, 192, 3, 5, 2), Universal(80, 160, 3, 3)],
        [Universal(160, 480, 3, 5, 2), Universal(160, 320, 0, 0), Universal(160, 640, 3, 3), Universal(160, 640, 3, 5),
            Attend(160, heads: 4, width: 64, shrinks: 2), Universal(160, 640, 3, 3), Attend(160, heads: 4, width: 64, shrinks: 2),
            Universal(160, 640, 3, 0), Attend(160, heads: 4, width: 64, shrinks: 2), Universal(160, 640, 3, 3),
            Attend(160, heads: 4, width: 64, shrinks: 2), Universal(160, 640, 3, 0)],
        [Universal(256, 960, 5, 5, 2), Universal(256, 1024, 5, 5), .. Times(2, Universal(256, 1024, 3, 5)), Universal(256, 512, 0, 0),
            Universal(256, 512, 3, 5), Universal(256, 512, 0, 0), Universal(256, 1024, 0, 0), Attend(256, heads: 4, width: 64, shrinks: 1),
            Universal(256, 1024, 3, 0), Attend(256, heads: 4, width: 64, shrinks: 1), Universal(256, 1024, 5, 5),
            Attend(256, heads: 4, width: 64, shrinks: 1), Universal(256, 1024, 5, 0), Attend(256, heads: 4, width: 64, shrinks: 1),
            Universal(256, 1024, 5, 0)],
        [Conv(960, 1, 1)],
    ];

    private static readonly Block[][] s_hybridLarge =
    [
        [Fused(48, 96, 2)],
        [Universal(96, 192, 3, 5, 2), Universal(96, 384, 3, 3)],
        [Universal(192, 384, 3, 5, 2), .. Times(3, Universal(192, 768, 3, 3)), Universal(192, 768, 3, 5), .. Times(2, Universal(192, 768, 5, 3)),
            Attend(192, heads: 8, width: 48, shrinks: 2), Universal(192, 768, 5, 3), Attend(192, heads: 8, width: 48, shrinks: 2),
            Universal(192, 768, 5, 3), Attend(192, heads: 8, width: 48, shrinks: 2), Universal(192, 768, 5, 3),
            Attend(192, heads: 8, width: 48, shrinks: 2), Universal(192, 768, 3, 0)],
        [Universal(512, 768, 5, 5, 2), .. Times(3, Universal(512, 2048, 5, 5)), Universal(512, 2048, 5, 0), Universal(512, 2048, 5, 3),
            .. Times(2, Universal(512, 2048, 5, 0)), Universal(512, 2048, 5, 3), Universal(512, 2048, 5, 5),
            Attend(512, heads: 8, width: 64, shrinks: 1), Universal(512, 2048, 5, 0), Attend(512, heads: 8, width: 64, shrinks: 1),
            Universal(512, 2048, 5, 0), Attend(512, heads: 8, width: 64, shrinks: 1), Universal(512, 2048, 5, 0),
            Attend(512, heads: 8, width: 64, shrinks: 1), Universal(512, 2048, 5, 0)],
        [Conv(960, 1, 1)],
    ];

    /// <summary>The nets of tables 10 to 14 of the paper.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("mobilenetv4_conv_small", new(s_convSmall, 32)),
        Row("mobilenetv4_conv_medium", new(s_convMedium, 32)) with { ImageSize = 256, CropFraction = 0.95 },
        Row("mobilenetv4_conv_large", new(s_convLarge, 24)) with { ImageSize = 256, CropFraction = 0.95 },
        Row("mobilenetv4_hybrid_medium", new(s_hybridMedium, 32) { LayerScale = LayerScale }),
        Row("mobilenetv4_hybrid_large", new(s_hybridLarge, 24) { Act = Nodes.Gelu, LayerScale = LayerScale }) with { ImageSize = 256, CropFraction = 0.95 },
    ];

    /// <summary>What a block makes of an image.</summary>
    /// <param name="net">The net, for its activation.</param>
    /// <param name="s">Where it declares its parameters.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="dropPath">How often training leaves it out, 0 to below 1.</param>
    private delegate Value Block(Net net, Scope s, Value x, double dropPath);

    /// <summary>What tells the rows apart.</summary>
    private sealed record Net(Block[][] Stages, int Stem)
    {
        internal Func<Value, Value> Act { get; init; } = Nodes.Relu;

        /// <summary>What a trained scale of each channel begins at, behind bottlenecks and attention; null for none.</summary>
        internal double? LayerScale { get; init; }

        internal Value Build(Scope s, Value x, ModelOptions options)
        {
            x = Act(x.Conv(s["conv_stem"], Stem, kernel: 3, stride: 2).Norm(s["bn1"]));
            var (number, count) = (0, Stages.Sum(stage => stage.Length));
            for (var stage = 0; stage < Stages.Length; stage++)
                for (var i = 0; i < Stages[stage].Length; i++, number++)
                    x = Stages[stage][i](this, s["blocks"][stage][i], x, (options.DropPathRate ?? 0) * number / count);
            x = Act(x.GlobalAveragePool().Conv(s["conv_head"], Head, kernel: 1).Norm(s["norm_head"]));
            return x.Logits(s["classifier"], options);
        }
    }

    private static IEnumerable<Block> Times(int count, Block block) => Enumerable.Repeat(block, count);

    private static Block Conv(int channels, int kernel, int stride) =>
        (net, s, x, _) => net.Act(x.Conv(s["conv"], channels, kernel, stride).Norm(s["bn1"]));

    /// <summary>A 3×3 convolution that widens, and a 1×1 that narrows.</summary>
    private static Block Fused(int channels, int inside, int stride) => (net, s, x, dropPath) =>
    {
        var y = net.Act(x.Conv(s["conv_exp"], inside, kernel: 3, stride).Norm(s["bn1"]));
        return Around(x, y.Conv(s["conv_pwl"], channels, kernel: 1).Norm(s["bn2"]), stride, dropPath);
    };

    /// <summary>A bottleneck with a depthwise convolution in front of it, inside it, both, or neither (fig. 4): kernels, 0 for none.</summary>
    private static Block Universal(int channels, int inside, int first, int middle, int stride = 1) => (net, s, x, dropPath) =>
    {
        var y = first > 0 ? Norm(s["dw_start"], x, x.Shape.C, first, groups: x.Shape.C) : x;
        y = net.Act(Norm(s["pw_exp"], y, inside, kernel: 1));
        if (middle > 0) y = net.Act(Norm(s["dw_mid"], y, inside, middle, stride, groups: inside));
        return Around(x, Scaled(net, s["layer_scale"], Norm(s["pw_proj"], y, channels, kernel: 1)), stride, dropPath);
    };

    /// <summary>Attention behind a norm (§3.2): all heads look at the same keys and values, of an image that is shrunk before.</summary>
    private static Block Attend(int channels, int heads, int width, int shrinks) => (net, s, x, dropPath) =>
    {
        var (n, h, w) = (x.Shape.N, x.Shape.H, x.Shape.W);
        var (y, at) = (x.Norm(s["norm"]), s["attn"]);
        // Heads become more pixels of one head.
        var queries = y.Conv(at["query.proj"], heads * width, kernel: 1).Reshape(new Shape(n, heads, width, h * w)).Transpose(0, 2, 1, 3)
            .Reshape(new Shape(n, 1, width, heads * h * w));
        var (keys, values) = (Shared(at["key"], y, width, shrinks), Shared(at["value"], y, width, shrinks));
        var seen = Attention.AttendImages(queries, keys, values, 1 / Math.Sqrt(width)).Reshape(new Shape(n, width, heads, h * w)).Transpose(0, 2, 1, 3);
        y = seen.Reshape(new Shape(n, heads * width, h, w)).Conv(at["output.proj"], channels, kernel: 1);
        return Around(x, Scaled(net, s["layer_scale"], y), stride: 1, dropPath);
    };

    /// <summary>Keys or values of all heads; [N, 1, width, pixels].</summary>
    private static Value Shared(Scope s, Value x, int width, int shrinks)
    {
        if (shrinks > 1) x = x.Conv(s["down_conv"], x.Shape.C, kernel: 3, shrinks, groups: x.Shape.C).Norm(s["norm"]);
        var y = x.Conv(s["proj"], width, kernel: 1);
        return y.Reshape(new Shape(y.Shape.N, 1, width, y.Shape.H * y.Shape.W));
    }

    private static Value Scaled(Net net, Scope s, Value x) => net.LayerScale is { } start
        ? x.Times(s.Parameter("gamma", new Shape(x.Shape.C), new Initializer.Fill(start)).Reshape(new Shape(1, x.Shape.C, 1, 1)))
        : x;

    private static Value Around(Value x, Value y, int stride, double dropPath) => stride == 1 && x.Shape.C == y.Shape.C ? y.DropPath(dropPath).Plus(x) : y;

    private static Value Norm(Scope s, Value x, int channels, int kernel, int stride = 1, int groups = 1) =>
        x.Conv(s["conv"], channels, kernel, stride, groups: groups).Norm(s["bn"]);

    private static ModelRow Row(string name, Net net) => new(name, "mobilenetv4", net.Build)
    {
        Paper = "arXiv:2404.10518", Licence = "Apache-2.0", Interpolation = Interpolation.Bicubic,
    };
}
