using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>ShuffleNet V2 (Ma et al. 2018, arXiv:1807.11164); names and initialisers follow torchvision.</summary>
internal static class ShuffleNetV2
{
    private static readonly int[] s_depths = [4, 8, 4];

    /// <summary>The columns of table 5 of the paper: channels of the three stages and before the classifier.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("shufflenet_v2_x0_25", [24, 48, 96], last: 512),
        Row("shufflenet_v2_x0_33", [32, 64, 128], last: 512),
        Row("shufflenet_v2_x0_5", [48, 96, 192], last: 1024),
        Row("shufflenet_v2_x1_0", [116, 232, 464], last: 1024),
        Row("shufflenet_v2_x1_5", [176, 352, 704], last: 1024) with { CropFraction = 0.965 },
        Row("shufflenet_v2_x2_0", [244, 488, 976], last: 2048) with { CropFraction = 0.965 },
        Row("shufflenet_v2_swish", [116, 232, 464], last: 1024, Nodes.Silu),
    ];

    private static ModelRow Row(string name, int[] widths, int last, Func<Value, Value>? act = null) =>
        new(name, "shufflenetv2", (s, x, options) => new Net(act ?? Nodes.Relu).Build(s, x, options, widths, last))
        {
            Paper = "arXiv:1807.11164", Licence = "BSD-3-Clause", OtherNames = [PaddleClasNames.ShuffleNetV2(s_depths)],
        };

    /// <summary>The net with an activation.</summary>
    /// <param name="Act">The activation.</param>
    private sealed record Net(Func<Value, Value> Act)
    {
        internal Value Build(Scope s, Value x, ModelOptions options, int[] widths, int last)
        {
            x = Act(ConvNorm(s["conv1"], 0, x, 24, kernel: 3, stride: 2)).MaxPool(kernel: 3, stride: 2, padding: 1);
            for (var stage = 0; stage < widths.Length; stage++)
                for (var i = 0; i < s_depths[stage]; i++)
                {
                    var at = s[$"stage{stage + 2}"][i];
                    x = i == 0 ? Downsampling(at, x, widths[stage]) : Unit(at, x);
                }

            return Act(ConvNorm(s["conv5"], 0, x, last, kernel: 1)).Classifier(s["fc"], options);
        }

        /// <summary>Half of the channels pass, the other half is transformed (fig. 3c).</summary>
        private Value Unit(Scope s, Value x)
        {
            var half = x.Shape.C / 2;
            return x.Slice(1, 0, half).Concat(1, Branch(s["branch2"], x.Slice(1, half, half), half, stride: 1)).ShuffleChannels(2);
        }

        /// <summary>All channels go through both branches, at half of the resolution (fig. 3d).</summary>
        private Value Downsampling(Scope s, Value x, int width)
        {
            var b = s["branch1"];
            var y = ConvNorm(b, 0, x, x.Shape.C, kernel: 3, stride: 2, groups: x.Shape.C);
            y = Act(ConvNorm(b, 2, y, width / 2, kernel: 1));
            return y.Concat(1, Branch(s["branch2"], x, width / 2, stride: 2)).ShuffleChannels(2);
        }

        private Value Branch(Scope s, Value x, int width, int stride)
        {
            x = Act(ConvNorm(s, 0, x, width, kernel: 1));
            x = ConvNorm(s, 3, x, width, kernel: 3, stride, groups: width);
            return Act(ConvNorm(s, 5, x, width, kernel: 1));
        }

        /// <summary>A convolution and its norm, the <paramref name="at"/>-th module of a sequence and the next.</summary>
        private static Value ConvNorm(Scope s, int at, Value x, int channels, int kernel, int stride = 1, int groups = 1) =>
            x.Conv(s[at], channels, kernel, stride, groups: groups, initial: Initializer.FanInUniform).Norm(s[at + 1]);
    }
}
