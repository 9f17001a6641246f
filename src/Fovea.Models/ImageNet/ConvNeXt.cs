using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>ConvNeXt (Liu et al. 2022, arXiv:2201.03545); names and initialisers follow timm.</summary>
/// <remarks>In the models below «tiny», timm's own, the feed-forward layers are 1×1 convolutions; the function is the same.</remarks>
internal static class ConvNeXt
{
    private const double Epsilon = 1e-6;
    private const double LayerScale = 1e-6;
    private const int MlpRatio = 4;

    /// <summary>The names of the authors' code (github.com/facebookresearch/ConvNeXt), which keeps what shrinks the image apart from the stages.</summary>
    private static readonly NameMap s_official = new(
        "official",
        ("stages.0", "stages.0.blocks"),
        ("stages.1", "stages.1.blocks"),
        ("stages.2", "stages.2.blocks"),
        ("stages.3", "stages.3.blocks"),
        ("downsample_layers.0", "stem"),
        ("downsample_layers.1", "stages.1.downsample"),
        ("downsample_layers.2", "stages.2.downsample"),
        ("downsample_layers.3", "stages.3.downsample"),
        ("dwconv", "conv_dw"),
        ("pwconv1", "mlp.fc1"),
        ("pwconv2", "mlp.fc2"),
        ("^.head", "^.head.fc"),
        ("^.norm", "^.head.norm"))
    { RegisteredFirst = ["downsample_layers"] };

    private static readonly int[] s_pico = [2, 2, 6, 2];
    private static readonly int[] s_tiny = [3, 3, 9, 3];
    private static readonly int[] s_small = [3, 3, 27, 3];

    /// <summary>The models of §3 of the paper, and timm's smaller ones.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("convnext_atto", Of(s_pico, width: 40, convolves: true)),
        Row("convnext_atto_ols", Of(s_pico, width: 40, convolves: true, Tiered)),
        Row("convnext_base", Of(s_small, width: 128)) with { OtherNames = [s_official] },
        Row("convnext_femto", Of(s_pico, width: 48, convolves: true)),
        Row("convnext_femto_ols", Of(s_pico, width: 48, convolves: true, Tiered)),
        Row("convnext_large", Of(s_small, width: 192)) with { OtherNames = [s_official] },
        Row("convnext_nano", Of([2, 2, 8, 2], width: 80, convolves: true)) with { CropFraction = 0.95 },
        Row("convnext_nano_ols", Of([2, 2, 8, 2], width: 80, convolves: true, Overlapping)) with { CropFraction = 0.95 },
        Row("convnext_pico", Of(s_pico, width: 64, convolves: true)),
        Row("convnext_pico_ols", Of(s_pico, width: 64, convolves: true, Tiered)) with { CropFraction = 0.95 },
        Row("convnext_small", Of(s_small, width: 96)) with { CropFraction = 0.95, OtherNames = [s_official] },
        Row("convnext_tiny", Of(s_tiny, width: 96)) with { CropFraction = 0.95, OtherNames = [s_official] },
        Row("convnext_tiny_hnf", Of(s_tiny, width: 96, convolves: true, normFirst: true)) with { CropFraction = 0.95 },
        Row("convnextv2_tiny", Of(s_tiny, width: 96, responds: true)) with { Paper = "arXiv:2301.00808" },
    ];

    private delegate Value StemBuilder(Scope s, Value x, int width);

    /// <summary>The catalogue's delegate for the blocks of each stage and the channels of the first, which double from stage to stage.</summary>
    private static ModelBuilder Of(int[] depths, int width, bool convolves = false, StemBuilder? stem = null, bool normFirst = false,
        bool responds = false) => (s, x, options) =>
    {
        var (blocks, number) = (depths.Sum(), 0);
        x = (stem ?? Patches)(s["stem"], x, width);
        for (var stage = 0; stage < depths.Length; stage++)
        {
            var at = s["stages"][stage];
            if (stage > 0) x = Conv(at["downsample.1"], Norm(at["downsample.0"], x), width << stage, kernel: 2, stride: 2);
            for (var i = 0; i < depths[stage]; i++, number++)
            {
                var dropPath = options.DropPathAt(number, blocks);
                x = responds ? Responding(at["blocks"][i], x, dropPath) : Block(at["blocks"][i], x, convolves, dropPath);
            }
        }

        x = normFirst ? Norm(s["norm_pre"], x).GlobalAveragePool() : Norm(s["head.norm"], x.GlobalAveragePool());
        return x.Logits(s["head.fc"], options, LinearInitial.Small.Weight, LinearInitial.Small.Bias);
    };

    /// <summary>A depthwise 7×7 convolution, a norm and a feed-forward layer, scaled channel by channel, around an identity (fig. 4, right).</summary>
    private static Value Block(Scope s, Value x, bool convolves, double dropPath)
    {
        var channels = x.Shape.C;
        var gamma = s.Parameter("gamma", new Shape(channels), new Initializer.Fill(LayerScale));
        var y = Conv(s["conv_dw"], x, channels, kernel: 7, padding: 3, groups: channels);
        y = convolves ? Convolved(s, y) : Linear(s, y);
        return x.Plus(y.Times(gamma.Reshape(new Shape(1, channels, 1, 1))).DropPath(dropPath));
    }

    /// <summary>
    /// The block of ConvNeXt V2 (Woo et al. 2023, arXiv:2301.00808, fig. 5): in place of the scale, features are divided by how much they respond on average.
    /// </summary>
    private static Value Responding(Scope s, Value x, double dropPath)
    {
        var channels = x.Shape.C;
        var y = Conv(s["conv_dw"], x, channels, kernel: 7, padding: 3, groups: channels).Transpose(0, 2, 3, 1).LayerNorm(s["norm"], Epsilon);
        y = Response(s["mlp.grn"], y.Dense(s["mlp.fc1"], MlpRatio * channels, bias: true, LinearInitial.Small).Gelu());
        return x.Plus(y.Dense(s["mlp.fc2"], channels, bias: true, LinearInitial.Small).Transpose(0, 3, 1, 2).DropPath(dropPath));
    }

    /// <summary>Global response normalisation: γ·x·n + β + x with n, of each feature, its norm over the image by the mean of all; [N, H, W, C].</summary>
    private static Value Response(Scope s, Value x)
    {
        var features = new Shape(x.Shape[3]);
        var (gamma, beta) = (s.Parameter("weight", features, Initializer.Zeros), s.Parameter("bias", features, Initializer.Zeros));
        var norm = x.Square().Sum(1, 2).Plus(Epsilon * Epsilon).Sqrt().Reshape(new Shape(x.Shape.N, 1, 1, x.Shape[3]));
        var mean = norm.Mean(3).Plus(Epsilon).Reshape(new Shape(x.Shape.N, 1, 1, 1));
        return x.Times(norm.Over(mean)).Times(gamma).Plus(beta).Plus(x);
    }

    private static Value Convolved(Scope s, Value x)
    {
        var y = Conv(s["mlp.fc1"], Norm(s["norm"], x), MlpRatio * x.Shape.C, kernel: 1).Gelu();
        return Conv(s["mlp.fc2"], y, x.Shape.C, kernel: 1);
    }

    private static Value Linear(Scope s, Value x)
    {
        var y = x.Transpose(0, 2, 3, 1).LayerNorm(s["norm"], Epsilon);
        return y.FeedForward(s["mlp.fc1"], s["mlp.fc2"], MlpRatio * x.Shape.C, Nodes.Gelu, LinearInitial.Small).Transpose(0, 3, 1, 2);
    }

    /// <summary>Each 4×4 pixels become one.</summary>
    private static Value Patches(Scope s, Value x, int width) => Norm(s[1], Conv(s[0], x, width, kernel: 4, stride: 4));

    /// <summary>Two 3×3 convolutions of stride 2, the first of half the width, rounded to a multiple of 8.</summary>
    private static Value Tiered(Scope s, Value x, int width) => Overlapping(s, x, ((width / 2) + 4) / 8 * 8, width);

    /// <summary>Two 3×3 convolutions of stride 2.</summary>
    private static Value Overlapping(Scope s, Value x, int width) => Overlapping(s, x, width, width);

    private static Value Overlapping(Scope s, Value x, int first, int second)
    {
        x = Conv(s[0], x, first, kernel: 3, stride: 2, padding: 1);
        return Norm(s[2], Conv(s[1], x, second, kernel: 3, stride: 2, padding: 1));
    }

    private static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1, int padding = 0, int groups = 1) =>
        x.Conv(s, channels, kernel, stride, padding, groups, bias: true, initial: new Initializer.Normal(0.02));

    /// <summary>Over the channels of each pixel.</summary>
    private static Value Norm(Scope s, Value x) => x.LayerNorm(s, Epsilon, axis: 1);

    private static ModelRow Row(string name, ModelBuilder builder) =>
        new(name, "convnext", builder) { Paper = "arXiv:2201.03545", Licence = "Apache-2.0", Interpolation = Interpolation.Bicubic };
}
