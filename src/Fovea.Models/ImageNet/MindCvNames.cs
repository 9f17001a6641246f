using Fovea.Models.Building;

namespace Fovea.Models.ImageNet;

/// <summary>
/// The names of MindCV (github.com/mindspore-lab/mindcv 51b0636, mindcv/models). Its norms have MindSpore's names; what else differs is a rule for each
/// architecture. RepVGG's stand with it.
/// </summary>
/// <remarks>Its ShuffleNetV2 and the narrow MobileNetV3 have layers of other widths: those are other models.</remarks>
internal static class MindCvNames
{
    private const string System = "MindCV";
    private const int MostDenseLayers = 48;
    private const int DenseBlocks = 4;

    /// <summary>The stem's convolution, norm and activation are the first three features.</summary>
    private const int StemLayers = 3;

    private const string Activation = "";

    internal static NameMap ResNet { get; } = Of([], ("down_sample", "downsample"), ("classifier", "fc"));

    internal static NameMap DenseNet { get; } = Of([
        .. from block in Enumerable.Range(1, DenseBlocks)
           from layer in Enumerable.Range(0, MostDenseLayers)
           select ($"denseblock{block}.cell_list.{layer}", $"denseblock{block}.denselayer{layer + 1}"),
        .. from block in Enumerable.Range(1, DenseBlocks - 1) select ($"transition{block}.features", $"transition{block}"),
    ]);

    internal static NameMap SqueezeNet { get; } = Of([], ("final_conv", "classifier.1"));

    /// <summary>Convolutions without biases; its first fully connected layers are such.</summary>
    internal static NameMap Vgg { get; } =
        Of([], ("classifier.0", "pre_logits.fc1"), ("classifier.3", "pre_logits.fc2"), ("classifier.6", "head.fc")) with
        {
            Flattened = ["pre_logits.fc1.weight", "pre_logits.fc2.weight"], LacksBiases = true,
        };

    internal static NameMap GhostNet { get; } = Of([("blocks.9.features.0", "blocks.9.0.conv"), ("blocks.9.features.1", "blocks.9.0.bn1")]);

    internal static NameMap RegNet { get; } = Of(
        [
            .. from stage in Enumerable.Range(0, RegNetRows.StageCount)
               from block in Enumerable.Range(0, RegNetRows.MostBlocks)
               from rule in InRegNet($"stages.{stage}.blocks.{block}", $"s{stage + 1}.b{block + 1}")
               select rule,
        ]);

    internal static NameMap MobileNetV2(InvertedResidualNet net)
    {
        var behind = StemLayers + net.Numbered().Count();
        return Of([
            .. InLayers(net, block => $"features.{StemLayers + block.Number}.layers"), .. Stem("features"),
            ($"^.features.{behind}", "^.conv_head"), ($"^.features.{behind + 1}", "^.bn2"), ("^.classifier.1", "^.classifier"),
        ]);
    }

    internal static NameMap MobileNetV3(InvertedResidualNet net)
    {
        var last = net.Numbered().Last();
        return Of([
            .. InLayers(net, block => $"features.{StemLayers + block.Number}.layers"), .. Stem("features"),
            ($"^.features.{StemLayers + last.Number}", $"^.{last.Path}.conv"), ($"^.features.{StemLayers + last.Number + 1}", $"^.{last.Path}.bn1"),
            ("^.classifier.0", "^.conv_head"), ("^.classifier.3", "^.classifier"),
        ]) with
        { Flattened = ["conv_head.weight"] };
    }

    internal static NameMap EfficientNet(InvertedResidualNet net)
    {
        var behind = StemLayers + net.Stages.Length;
        return Of([
            .. InLayers(net, block => $"features.{StemLayers + block.Stage}.{block.Index}.block"), .. Stem("features"),
            ($"^.features.{behind}", "^.conv_head"), ($"^.features.{behind + 1}", "^.bn2"), ("^.mlp_head", "^.classifier"),
        ]);
    }

    internal static NameMap MixNet(InvertedResidualNet net) => Of([
        .. InLayers(net, block => $"layers.{block.Number}.convs", ofMixed: true), .. Stem("stem_conv"), ("^.head_conv.0", "^.conv_head"),
        ("^.head_conv.1", "^.bn2"),
    ]);

    private static (string Theirs, string Ours)[] Stem(string sequence) => [($"^.{sequence}.0", "^.conv_stem"), ($"^.{sequence}.1", "^.bn1")];

    /// <summary>The layers of blocks are numbered with their activations, and those of the squeeze where there is one.</summary>
    private static IEnumerable<(string Theirs, string Ours)> InLayers(InvertedResidualNet net, Func<NumberedBlock, string> place, bool ofMixed = false) =>
        from block in net.Numbered()
        from layer in LayersOf(block.Line).Index()
        where layer.Item != Activation
        let isConvolution = layer.Item.StartsWith("conv", StringComparison.Ordinal)
        let inner = !ofMixed || !isConvolution ? "" : layer.Item == "conv_dw" ? ".mixed_depthwise_conv" : ".grouped_conv"
        select ($"^.{place(block)}.{layer.Index}{inner}", $"^.{block.Path}.{layer.Item}");

    private static string[] LayersOf(BlockLine line) => line.Kind switch
    {
        BlockKind.Separable => ["conv_dw", "bn1", Activation, .. Squeeze(line), "conv_pw", "bn2"],
        BlockKind.Inverted => ["conv_pw", "bn1", Activation, "conv_dw", "bn2", Activation, .. Squeeze(line), "conv_pwl", "bn3"],
        _ => [],
    };

    private static string[] Squeeze(BlockLine line) => line.Squeeze > 0 ? ["se"] : [];

    private static IEnumerable<(string Theirs, string Ours)> InRegNet(string theirs, string ours) =>
    [
        ($"{theirs}.bn", $"{ours}.downsample.bn"), ($"{theirs}.proj", $"{ours}.downsample.conv"),
        ($"{theirs}.f.a", $"{ours}.conv1.conv"), ($"{theirs}.f.a_bn", $"{ours}.conv1.bn"),
        ($"{theirs}.f.b", $"{ours}.conv2.conv"), ($"{theirs}.f.b_bn", $"{ours}.conv2.bn"),
        ($"{theirs}.f.c", $"{ours}.conv3.conv"), ($"{theirs}.f.c_bn", $"{ours}.conv3.bn"),
        ($"{theirs}.f.se.conv_reduce", $"{ours}.se.fc1"), ($"{theirs}.f.se.conv_expand", $"{ours}.se.fc2"),
    ];

    private static NameMap Of(IReadOnlyList<(string Theirs, string Ours)> numbered, params (string Theirs, string Ours)[] rules) =>
        Framework.MindSpore.Keeping(new(System, rules) { Renumbered = numbered });
}
