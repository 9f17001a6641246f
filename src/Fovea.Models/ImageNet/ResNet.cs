using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>ResNet (He et al. 2015, arXiv:1512.03385) and what was made of it: ResNeXt, Wide ResNet, SE-ResNet. Names follow torchvision and timm.</summary>
/// <remarks>In a bottleneck the 3×3 convolution carries the stride, not the first 1×1 as in the paper: torchvision's and timm's «v1.5».</remarks>
internal static class ResNet
{
    private const string ResNeXtPaper = "arXiv:1611.05431";
    private const string BagPaper = "arXiv:1812.01187";

    /// <summary>The channels of the three convolutions of a deep stem.</summary>
    private static readonly int[] s_deepStem = [32, 32, 64];

    private static readonly int[] s_wideStem = [64, 64, 128];

    private static readonly int[] s_depths18 = [2, 2, 2, 2];
    private static readonly int[] s_depths34 = [3, 4, 6, 3];
    private static readonly int[] s_depths101 = [3, 4, 23, 3];
    private static readonly int[] s_depths152 = [3, 8, 36, 3];

    /// <summary>The rows of table 1 of the paper, of table 1 of ResNeXt, and those that torchvision and timm add.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("resnet18", new(s_depths18)),
        Timm(Row("resnet26", new(s_depths18) { Bottleneck = true })),
        Row("resnet34", new(s_depths34)),
        Row("resnet50", new(s_depths34) { Bottleneck = true }),
        Row("resnet101", new(s_depths101) { Bottleneck = true }),
        Row("resnet152", new(s_depths152) { Bottleneck = true }),
        ResNeXt("resnext50_32x4d", s_depths34, groups: 32, groupWidth: 4),
        Timm(ResNeXt("resnext101_32x4d", s_depths101, groups: 32, groupWidth: 4)),
        ResNeXt("resnext101_32x8d", s_depths101, groups: 32, groupWidth: 8),
        Timm(ResNeXt("resnext101_32x16d", s_depths101, groups: 32, groupWidth: 16)) with { Interpolation = Interpolation.Bilinear },
        Timm(ResNeXt("resnext101_32x32d", s_depths101, groups: 32, groupWidth: 32)) with { Interpolation = Interpolation.Bilinear },
        ResNeXt("resnext101_64x4d", s_depths101, groups: 64, groupWidth: 4) with { CropFraction = 0.965 },
        Wide("wide_resnet50_2", s_depths34),
        Wide("wide_resnet101_2", s_depths101),
        Squeezed("seresnet18", new(s_depths18)),
        Squeezed("seresnet34", new(s_depths34)),
        Squeezed("seresnet50", new(s_depths34) { Bottleneck = true }) with { CropFraction = 0.95 },
        Squeezed("seresnet101", new(s_depths101) { Bottleneck = true }),
        Squeezed("seresnet152", new(s_depths152) { Bottleneck = true }),
        Squeezed("seresnext50_32x4d", new(s_depths34) { Bottleneck = true, Groups = 32, GroupWidth = 4 }),
        Squeezed("seresnext101_32x4d", new(s_depths101) { Bottleneck = true, Groups = 32, GroupWidth = 4 }),
        Squeezed("seresnext101_32x8d", new(s_depths101) { Bottleneck = true, Groups = 32, GroupWidth = 8 }) with { CropFraction = 0.95 },
        Squeezed("seresnext101_64x4d", new(s_depths101) { Bottleneck = true, Groups = 64, GroupWidth = 4 }),
        Squeezed("seresnext26_32x4d", new(s_depths18) { Bottleneck = true, Groups = 32, GroupWidth = 4 }),
        ResNeXt("resnext50_64x4d", s_depths34, groups: 64, groupWidth: 4),
        ResNeXt("resnext152_32x4d", s_depths152, groups: 32, groupWidth: 4),
        ResNeXt("resnext152_64x4d", s_depths152, groups: 64, groupWidth: 4),
        Timm(ResNeXt("resnext101_32x48d", s_depths101, groups: 32, groupWidth: 48)) with { Interpolation = Interpolation.Bilinear },
        Timm(Row("resnet50c", new(s_depths34) { Bottleneck = true, Stem = s_deepStem }, paper: BagPaper)),
        Deep("resnet18d", new(s_depths18)),
        Deep("resnet34d", new(s_depths34)),
        Deep("resnet50d", new(s_depths34) { Bottleneck = true }),
        Deep("resnet101d", new(s_depths101) { Bottleneck = true }),
        Deep("resnet152d", new(s_depths152) { Bottleneck = true }),
        Deep("resnet200d", new([3, 24, 36, 3]) { Bottleneck = true }),
        Deep("resnext50d_32x4d", new(s_depths34) { Bottleneck = true, Groups = 32, GroupWidth = 4 }),
        Deep("resnext50d_64x4d", new(s_depths34) { Bottleneck = true, Groups = 64, GroupWidth = 4 }),
        Deep("resnext101d_32x4d", new(s_depths101) { Bottleneck = true, Groups = 32, GroupWidth = 4 }),
        Deep("resnext101d_64x4d", new(s_depths101) { Bottleneck = true, Groups = 64, GroupWidth = 4 }),
        Deep("resnext152d_32x4d", new(s_depths152) { Bottleneck = true, Groups = 32, GroupWidth = 4 }),
        Deep("resnext152d_64x4d", new(s_depths152) { Bottleneck = true, Groups = 64, GroupWidth = 4 }),
        Deep("seresnet18d", new(s_depths18) { Squeeze = true }),
        Deep("seresnet34d", new(s_depths34) { Squeeze = true }),
        Deep("seresnet50d", new(s_depths34) { Bottleneck = true, Squeeze = true }),
        Deep("seresnext50d_32x4d", new(s_depths34) { Bottleneck = true, Groups = 32, GroupWidth = 4, Squeeze = true }),
        Deep("senet154d", new(s_depths152) { Bottleneck = true, Groups = 64, GroupWidth = 4, Squeeze = true }, s_wideStem),
    ];

    /// <summary>What tells the rows apart: blocks per stage, and how a block looks inside.</summary>
    private sealed record Form(int[] Depths)
    {
        /// <summary>Whether a block has three convolutions instead of two.</summary>
        internal bool Bottleneck { get; init; }

        /// <summary>The groups of a bottleneck's 3×3 convolution.</summary>
        internal int Groups { get; init; } = 1;

        /// <summary>The channels of a group in the first stage.</summary>
        internal int GroupWidth { get; init; } = 64;

        /// <summary>Whether a block ends in squeeze and excitation. Those start with blocks that are the identity, as in timm.</summary>
        internal bool Squeeze { get; init; }

        /// <summary>The channels of three 3×3 convolutions in place of one of 7×7; empty for that one («ResNet-C», He et al. 2018, arXiv:1812.01187).</summary>
        internal int[] Stem { get; init; } = [];

        /// <summary>Whether shortcuts shrink the image by means, not by leaving pixels out («ResNet-D» of that paper).</summary>
        internal bool Averages { get; init; }

        /// <summary>How the weight of the last norm of a block starts.</summary>
        internal Initializer LastNorm => Squeeze ? Initializer.Zeros : Initializer.Ones;
    }

    private static Value Build(Scope s, Value x, ModelOptions options, Form form)
    {
        x = (form.Stem.Length > 0 ? DeepStem(s["conv1"], x, form.Stem) : x.Conv(s["conv1"], 64, kernel: 7, stride: 2))
            .Norm(s["bn1"]).Relu().MaxPool(kernel: 3, stride: 2, padding: 1);
        for (var stage = 0; stage < form.Depths.Length; stage++)
            for (var i = 0; i < form.Depths[stage]; i++)
            {
                var (at, width, stride) = (s[$"layer{stage + 1}"][i], 64 << stage, stage > 0 && i == 0 ? 2 : 1);
                x = form.Bottleneck ? Bottleneck(at, x, width, stride, form) : BasicBlock(at, x, width, stride, form);
            }

        return x.Classifier(s["fc"], options);
    }

    /// <summary>Three 3×3 convolutions, the first of stride 2, with norms between them; that of the last is the net's.</summary>
    private static Value DeepStem(Scope s, Value x, int[] widths)
    {
        x = x.Conv(s[0], widths[0], kernel: 3, stride: 2).Norm(s[1]).Relu();
        x = x.Conv(s[3], widths[1], kernel: 3).Norm(s[4]).Relu();
        return x.Conv(s[6], widths[2], kernel: 3);
    }

    /// <summary>Two 3×3 convolutions around an identity (fig. 5, left).</summary>
    private static Value BasicBlock(Scope s, Value x, int width, int stride, Form form)
    {
        var y = x.Conv(s["conv1"], width, kernel: 3, stride).Norm(s["bn1"]).Relu();
        y = y.Conv(s["conv2"], width, kernel: 3).Norm(s["bn2"], weight: form.LastNorm);
        return Joined(s, x, y, stride, form);
    }

    /// <summary>1×1, 3×3 and 1×1 convolutions around an identity (fig. 5, right); four times the width comes out.</summary>
    private static Value Bottleneck(Scope s, Value x, int width, int stride, Form form)
    {
        var inner = width * form.GroupWidth / 64 * form.Groups;
        var y = x.Conv(s["conv1"], inner, kernel: 1).Norm(s["bn1"]).Relu();
        y = y.Conv(s["conv2"], inner, kernel: 3, stride, groups: form.Groups).Norm(s["bn2"]).Relu();
        y = y.Conv(s["conv3"], 4 * width, kernel: 1).Norm(s["bn3"], weight: form.LastNorm);
        return Joined(s, x, y, stride, form);
    }

    /// <summary>The sum with the identity, which is projected where its shape changes (option B).</summary>
    private static Value Joined(Scope s, Value x, Value y, int stride, Form form)
    {
        if (form.Squeeze) y = y.SqueezeExcite(s["se.fc1"], s["se.fc2"], Channels.Divisible(y.Shape.C / 16.0, least: 0));
        var projects = stride != 1 || x.Shape.C != y.Shape.C;
        var skip = !projects ? x
            : form.Averages ? Shrunk(x, stride).Conv(s["downsample"][1], y.Shape.C, kernel: 1).Norm(s["downsample"][2])
            : x.Conv(s["downsample"][0], y.Shape.C, kernel: 1, stride).Norm(s["downsample"][1]);
        return y.Plus(skip).Relu();
    }

    /// <summary>Means of 2×2 pixels; at an odd edge, of those that there are.</summary>
    private static Value Shrunk(Value x, int stride) => stride == 1
        ? x
        : x.AvgPool(2, 2, new Window2d(stride, stride, 0, 0, x.Shape.H % 2, x.Shape.W % 2), countPadding: false);

    private static ModelRow Row(string name, Form form, string family = "resnet", string paper = "arXiv:1512.03385") =>
        new(name, family, (s, x, options) => Build(s, x, options, form))
        {
            Paper = paper, Licence = "BSD-3-Clause", OtherNames = [PaddleClasNames.ResNet(form.Depths), MindCvNames.ResNet],
        };

    private static ModelRow ResNeXt(string name, int[] depths, int groups, int groupWidth) =>
        Row(name, new(depths) { Bottleneck = true, Groups = groups, GroupWidth = groupWidth }, "resnext", ResNeXtPaper);

    /// <summary>Zagoruyko and Komodakis 2016, arXiv:1605.07146.</summary>
    private static ModelRow Wide(string name, int[] depths) =>
        Row(name, new(depths) { Bottleneck = true, GroupWidth = 128 }, "wide_resnet", "arXiv:1605.07146");

    /// <summary>Hu et al. 2017, arXiv:1709.01507; a 16th of the channels is left between the two layers.</summary>
    private static ModelRow Squeezed(string name, Form form) => Timm(Row(name, form with { Squeeze = true }, "seresnet", "arXiv:1709.01507"));

    /// <summary>He et al. 2018, arXiv:1812.01187: a deep stem and shortcuts of means; PaddleClas: <c>_vd</c>.</summary>
    private static ModelRow Deep(string name, Form form, int[]? stem = null) =>
        Timm(Row(name, form with { Stem = stem ?? s_deepStem, Averages = true }, form.Squeeze ? "seresnet" : form.Groups > 1 ? "resnext" : "resnet", BagPaper));

    /// <summary>A row that timm has and torchvision has not.</summary>
    private static ModelRow Timm(ModelRow row) => row with { Licence = "Apache-2.0", Interpolation = Interpolation.Bicubic };
}
