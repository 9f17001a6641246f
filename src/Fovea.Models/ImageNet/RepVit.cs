using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>RepViT (Wang et al. 2024, arXiv:2307.09283) in its training form; names and initialisers follow timm.</summary>
/// <remarks>
/// A block (fig. 3) mixes pixels by a depthwise 3×3 convolution, a depthwise 1×1 one and the identity, gates the channels in every other
/// block, and mixes channels by two 1×1 convolutions beside the identity. Two linear classifiers, one of them for distillation, are
/// averaged. The pass <c>Reparameterise</c> makes one convolution of the first sum, and one classifier of the two.
/// </remarks>
internal static class RepVit
{
    private const double GateShare = 0.25;

    /// <summary>Where timm's <c>fuse</c> puts a convolution in the place of the module that it was in.</summary>
    private static readonly NameMap s_deployed = new(
        "timm",
        ("token_mixer", "token_mixer.reparam_conv"),
        ("conv1", "conv1.c"),
        ("conv2", "conv2.c"),
        ("spatial_downsample", "spatial_downsample.c"),
        ("channel_downsample", "channel_downsample.c"),
        ("head", "head.reparam_linear"));

    /// <summary>The rows of table 2 of the paper, and those of its first version (m1–m3), whose depthwise 1×1 convolutions have norms.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("repvit_m1", [48, 96, 192, 384], [2, 2, 14, 2], legacy: true),
        Row("repvit_m2", [64, 128, 256, 512], [2, 2, 12, 2], legacy: true),
        Row("repvit_m3", [64, 128, 256, 512], [4, 4, 18, 2], legacy: true),
        Row("repvit_m0_9", [48, 96, 192, 384], [2, 2, 14, 2]),
        Row("repvit_m1_0", [56, 112, 224, 448], [2, 2, 14, 2]),
        Row("repvit_m1_1", [64, 128, 256, 512], [2, 2, 12, 2]),
        Row("repvit_m1_5", [64, 128, 256, 512], [4, 4, 24, 4]),
        Row("repvit_m2_3", [80, 160, 320, 640], [6, 6, 34, 2]),
    ];

    private static ModelBuilder Of(int[] widths, int[] depths, bool legacy = false) => (s, x, options) =>
    {
        x = Conv(s["stem.conv1"], x, widths[0] / 2, kernel: 3, stride: 2).Gelu();
        x = Conv(s["stem.conv2"], x, widths[0], kernel: 3, stride: 2);
        for (var stage = 0; stage < depths.Length; stage++)
        {
            var at = s["stages"][stage];
            if (stage > 0) x = Downsample(at["downsample"], x, widths[stage], legacy);
            for (var i = 0; i < depths[stage]; i++) x = Block(at["blocks"][i], x, gated: i % 2 == 0, legacy);
        }

        return Classifier(s["head"], x, options);
    };

    private static Value Block(Scope s, Value x, bool gated, bool legacy)
    {
        x = PixelMixer(s["token_mixer"], x, legacy);
        if (gated)
            x = x.SqueezeExcite(s["se.fc1"], s["se.fc2"], Channels.Divisible(x.Shape.C * GateShare, divisor: 8, least: 0), initial: Initializer.FanInUniform);
        return x.Plus(ChannelMixer(s["channel_mixer"], x));
    }

    private static Value PixelMixer(Scope s, Value x, bool legacy)
    {
        var y = Conv(s["conv"], x, x.Shape.C, kernel: 3, groups: x.Shape.C);
        if (legacy) return y.Plus(Conv(s["conv1"], x, x.Shape.C, kernel: 1, groups: x.Shape.C)).Plus(x);
        return y.Plus(x.Conv(s["conv1"], x.Shape.C, kernel: 1, groups: x.Shape.C, bias: true, initial: Initializer.FanInUniform)).Plus(x).Norm(s["bn"]);
    }

    /// <summary>Two 1×1 convolutions over twice the channels; the last norm starts at 0, so that the block starts without it.</summary>
    private static Value ChannelMixer(Scope s, Value x)
    {
        var y = Conv(s["conv1"], x, 2 * x.Shape.C, kernel: 1).Gelu();
        return Conv(s["conv2"], y, x.Shape.C, kernel: 1, normWeight: Initializer.Zeros);
    }

    private static Value Downsample(Scope s, Value x, int width, bool legacy)
    {
        x = Block(s["pre_block"], x, gated: false, legacy);
        x = Conv(s["spatial_downsample"], x, x.Shape.C, kernel: 3, stride: 2, groups: x.Shape.C);
        x = Conv(s["channel_downsample"], x, width, kernel: 1);
        return x.Plus(ChannelMixer(s["ffn"], x));
    }

    private static Value Conv(Scope s, Value x, int width, int kernel, int stride = 1, int groups = 1, Initializer? normWeight = null) =>
        x.Conv(s["c"], width, kernel, stride, groups: groups, initial: Initializer.FanInUniform).Norm(s["bn"], weight: normWeight);

    private static Value Classifier(Scope s, Value x, ModelOptions options)
    {
        x = x.GlobalAveragePool().Flatten();
        if (options.DropRate is { } rate and > 0) x = x.Dropout(rate);
        return Linear(s["head"], x, options).Plus(Linear(s["head_dist"], x, options)).Times(0.5);
    }

    private static Value Linear(Scope s, Value x, ModelOptions options) =>
        x.Norm(s["bn"]).Linear(
            s["l"], options.Classes ?? throw new ModelException("classes is not resolved"), bias: true, new Initializer.Normal(0.02), Initializer.Zeros);

    /// <summary>
    /// The names of the authors' code (github.com/THU-MIG/RepViT), where all blocks are one list: behind the stem those of each stage, then the
    /// one in front of the next stage and that stage's beginning.
    /// </summary>
    private static NameMap Official(int[] depths)
    {
        List<(string Theirs, string Ours)> rules = [("features.0.0", "stem.conv1"), ("features.0.2", "stem.conv2")];
        var next = 1;
        for (var stage = 0; stage < depths.Length; stage++)
        {
            if (stage > 0)
            {
                rules.AddRange(Named(next++, $"stages.{stage}.downsample.pre_block"));
                var (mixer, at) = ($"features.{next}.token_mixer", $"stages.{stage}.downsample");
                rules.AddRange([($"{mixer}.0", $"{at}.spatial_downsample"), ($"{mixer}.2", $"{at}.channel_downsample")]);
                rules.AddRange(Mixing(next++, $"{at}.ffn"));
            }

            for (var i = 0; i < depths[stage]; i++) rules.AddRange(Named(next++, $"stages.{stage}.blocks.{i}"));
        }

        return new("official", [.. rules, ("classifier.classifier", "head.head"), ("classifier.classifier_dist", "head.head_dist")]);
    }

    private static IEnumerable<(string Theirs, string Ours)> Named(int number, string block) =>
    [
        ($"features.{number}.token_mixer.0", $"{block}.token_mixer"), ($"features.{number}.token_mixer.1", $"{block}.se"),
        .. Mixing(number, $"{block}.channel_mixer"),
    ];

    private static IEnumerable<(string Theirs, string Ours)> Mixing(int number, string mixer) =>
        [($"features.{number}.channel_mixer.m.0", $"{mixer}.conv1"), ($"features.{number}.channel_mixer.m.2", $"{mixer}.conv2")];

    private static ModelRow Row(string name, int[] widths, int[] depths, bool legacy = false) => new(name, "repvit", Of(widths, depths, legacy))
    {
        Paper = "arXiv:2307.09283", Licence = "Apache-2.0", CropFraction = 0.95, Interpolation = Interpolation.Bicubic, DeployNames = s_deployed,
        OtherNames = [Official(depths)],
    };
}
