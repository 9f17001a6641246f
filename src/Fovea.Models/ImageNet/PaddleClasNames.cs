using Fovea.Models.Building;

namespace Fovea.Models.ImageNet;

/// <summary>
/// The names of PaddleClas (github.com/PaddlePaddle/PaddleClas d178931, ppcls/arch/backbone). Its norms have Paddle's names, its fully connected layers
/// are transposed; what else differs is a rule for each architecture. RepVGG's and DLA's stand with them.
/// </summary>
/// <remarks>Its MobileNetV2 and V3 widen in the first block, too, and its GhostNet squeezes to other widths: those are other models.</remarks>
internal static class PaddleClasNames
{
    private const string System = "PaddleClas";
    private const int MostDenseLayers = 48;
    private const int DenseBlocks = 4;

    /// <summary>The most stages of a MixNet; the last takes the blocks of the two behind it.</summary>
    private const int MixNetStages = 4;

    internal static NameMap DenseNet { get; } = Of(
        [
            .. from block in Enumerable.Range(1, DenseBlocks)
               from layer in Enumerable.Range(1, MostDenseLayers)
               select ($"db_conv_{block + 1}.conv{block + 1}_{layer}", $"features.denseblock{block}.denselayer{layer}"),
            .. from block in Enumerable.Range(1, DenseBlocks - 1) select ($"tr_conv{block + 1}_blk.conv_ac_func", $"features.transition{block}"),
            ("^.conv1_func._conv", "^.features.conv0"), ("^.conv1_func._batch_norm", "^.features.norm0"), ("^.batch_norm", "^.features.norm5"),
            ("^.out", "^.classifier"),
        ],
        ("bn_ac_func1._batch_norm", "norm1"), ("bn_ac_func1._conv", "conv1"), ("bn_ac_func2._batch_norm", "norm2"), ("bn_ac_func2._conv", "conv2"),
        ("_batch_norm", "norm"), ("_conv", "conv"));

    internal static NameMap RegNet { get; } = Of(
        [
            .. from stage in Enumerable.Range(1, RegNetRows.StageCount)
               from block in Enumerable.Range(1, RegNetRows.MostBlocks)
               select ($"s{stage}_b{block}", $"s{stage}.b{block}"),
            ("^.conv._conv", "^.stem.conv"), ("^.conv._batch_norm", "^.stem.bn"), ("^.out", "^.head.fc"),
        ],
        ("conv0._conv", "conv1.conv"), ("conv0._batch_norm", "conv1.bn"), ("conv1._conv", "conv2.conv"), ("conv1._batch_norm", "conv2.bn"),
        ("conv2._conv", "conv3.conv"), ("conv2._batch_norm", "conv3.bn"), ("short._conv", "downsample.conv"), ("short._batch_norm", "downsample.bn"));

    /// <summary>Bottlenecks numbered through the stages. Those of two convolutions are other models: their first has a projection.</summary>
    /// <param name="depths">The blocks of each stage.</param>
    internal static NameMap ResNet(int[] depths) => Of(
        [
            .. Numbered(depths).Select(block => ($"^.blocks.{block.Number}", $"^.layer{block.Stage + 1}.{block.Index}")),
            ("^.stem.0.conv", "^.conv1"), ("^.stem.0.bn", "^.bn1"),
        ],
        ("conv0.conv", "conv1"), ("conv0.bn", "bn1"), ("conv1.conv", "conv2"), ("conv1.bn", "bn2"), ("conv2.conv", "conv3"), ("conv2.bn", "bn3"),
        ("short.conv", "downsample.0"), ("short.bn", "downsample.1"));

    /// <summary>Units of a stage numbered from 1.</summary>
    /// <param name="depths">The units of each stage.</param>
    internal static NameMap ShuffleNetV2(int[] depths)
    {
        (string Theirs, string Ours)[] down =
        [
            ("_conv_dw_1._conv", "branch1.0"), ("_conv_dw_1._batch_norm", "branch1.1"), ("_conv_linear_1._conv", "branch1.2"),
            ("_conv_linear_1._batch_norm", "branch1.3"), .. Branch("_2"),
        ];
        var plain = Branch("");
        return Of([
            .. from block in Numbered(depths)
               from part in block.Index == 0 ? down : plain
               select ($"^.{block.Stage + 2}_{block.Index + 1}.{part.Theirs}", $"^.stage{block.Stage + 2}.{block.Index}.{part.Ours}"),
            ("^._conv1._conv", "^.conv1.0"), ("^._conv1._batch_norm", "^.conv1.1"), ("^._last_conv._conv", "^.conv5.0"),
            ("^._last_conv._batch_norm", "^.conv5.1"), ("^._fc", "^.fc"),
        ]);
    }

    /// <summary>Fire modules numbered from 1.</summary>
    /// <param name="fires">The numbers of the fire modules among ours.</param>
    internal static NameMap SqueezeNet(int[] fires) => Of([
        .. fires.Index().SelectMany(fire => new[]
        {
            ($"^._conv{fire.Index + 1}._conv._conv", $"^.features.{fire.Item}.squeeze"),
            ($"^._conv{fire.Index + 1}._conv_path1._conv", $"^.features.{fire.Item}.expand1x1"),
            ($"^._conv{fire.Index + 1}._conv_path2._conv", $"^.features.{fire.Item}.expand3x3"),
        }),
        ($"^._conv{fires.Length + 1}", "^.classifier.1"), ("^._conv", "^.features.0"),
    ]);

    /// <summary>Convolutions without biases, numbered in each stage from 1.</summary>
    /// <param name="layers">The numbers of the convolutions among ours, stage by stage.</param>
    internal static NameMap Vgg(int[][] layers) => Of(
        [
            .. from stage in layers.Index()
               from layer in stage.Item.Index()
               select ($"^.conv_block_{stage.Index + 1}.conv{layer.Index + 1}", $"^.features.{layer.Item}"),
            ("^.fc1", "^.pre_logits.fc1"), ("^.fc2", "^.pre_logits.fc2"), ("^.fc3", "^.head.fc"),
        ]) with
    { Flattened = ["pre_logits.fc1.weight", "pre_logits.fc2.weight"], LacksBiases = true };

    internal static NameMap EfficientNet(InvertedResidualNet net)
    {
        (string Theirs, string Ours)[] squeeze = [("_se._conv1._conv", "se.conv_reduce"), ("_se._conv2._conv", "se.conv_expand")];
        (string Theirs, string Ours)[] separable = [.. OfEfficientNet("_dcn", "conv_dw", "bn1"), .. squeeze, .. OfEfficientNet("_pcn", "conv_pw", "bn2")];
        (string Theirs, string Ours)[] inverted =
        [
            .. OfEfficientNet("_ecn", "conv_pw", "bn1"), .. OfEfficientNet("_dcn", "conv_dw", "bn2"), .. squeeze, .. OfEfficientNet("_pcn", "conv_pwl", "bn3"),
        ];
        return Of([
            .. from block in net.Numbered()
               let place = $"{(block.Index == 0 ? "_blocks" : "block")}.{block.Number}."
               from part in block.Line.Kind == BlockKind.Separable ? separable : inverted
               select ($"^._ef.{place}.{part.Theirs}", $"^.{block.Path}.{part.Ours}"),
            ("^._ef._conv_stem._conv._conv._conv", "^.conv_stem"), ("^._ef._conv_stem._conv._bn", "^.bn1"), ("^._conv._conv._conv", "^.conv_head"),
            ("^._conv._bn", "^.bn2"), ("^._fc", "^.classifier"),
        ]);
    }

    internal static NameMap MixNet(InvertedResidualNet net)
    {
        (string Theirs, string Ours)[] separable = [("conv1.conv", "conv_dw"), ("conv1.bn", "bn1"), ("conv2.conv", "conv_pw"), ("conv2.bn", "bn2")];
        (string Theirs, string Ours)[] inverted =
        [
            ("exp_conv.conv", "conv_pw"), ("exp_conv.bn", "bn1"), ("conv1.conv", "conv_dw"), ("conv1.bn", "bn2"), ("se.conv1", "se.conv_reduce"),
            ("se.conv2", "se.conv_expand"), ("conv2.conv", "conv_pwl"), ("conv2.bn", "bn3"),
        ];
        var units = net.Numbered().GroupBy(block => Math.Min(block.Stage, MixNetStages)).SelectMany(stage => stage.Index());
        return Of([
            .. from unit in units
               let block = unit.Item
               let place = block.Stage == 0 ? "init_block.conv2" : $"stage{Math.Min(block.Stage, MixNetStages)}.unit{unit.Index + 1}"
               from part in block.Line.Kind == BlockKind.Separable ? separable : inverted
               select ($"^.features.{place}.{part.Theirs}", $"^.{block.Path}.{part.Ours}"),
            ("^.features.init_block.conv1.conv", "^.conv_stem"), ("^.features.init_block.conv1.bn", "^.bn1"), ("^.features.final_block.conv", "^.conv_head"),
            ("^.features.final_block.bn", "^.bn2"), ("^.output", "^.classifier"),
        ]);
    }

    /// <summary>Blocks counted through all stages.</summary>
    internal static IEnumerable<(int Number, int Stage, int Index)> Numbered(int[] depths) => depths
        .SelectMany((depth, stage) => Enumerable.Range(0, depth).Select(index => (stage, index)))
        .Select((block, number) => (number, block.stage, block.index));

    private static (string Theirs, string Ours)[] Branch(string suffix) =>
    [
        ($"_conv_pw{suffix}._conv", "branch2.0"), ($"_conv_pw{suffix}._batch_norm", "branch2.1"), ($"_conv_dw{suffix}._conv", "branch2.3"),
        ($"_conv_dw{suffix}._batch_norm", "branch2.4"), ($"_conv_linear{suffix}._conv", "branch2.5"), ($"_conv_linear{suffix}._batch_norm", "branch2.6"),
    ];

    private static (string Theirs, string Ours)[] OfEfficientNet(string part, string convolution, string norm) =>
        [($"{part}._conv._conv._conv", convolution), ($"{part}._conv._bn", norm)];

    private static NameMap Of(IReadOnlyList<(string Theirs, string Ours)> numbered, params (string Theirs, string Ours)[] rules) =>
        Framework.Paddle.Keeping(new(System, rules) { Renumbered = numbered });
}
