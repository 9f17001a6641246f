using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>ResNet with norm and activation in front of each convolution (He et al. 2016, arXiv:1603.05027); names follow timm.</summary>
internal static class ResNetV2
{
    /// <summary>The bottleneck nets of 50 and 101 layers.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } = [Row("resnetv2_50", [3, 4, 6, 3]), Row("resnetv2_101", [3, 4, 23, 3])];

    private static ModelRow Row(string name, int[] depths) => new(name, "resnetv2", (s, x, options) => Build(s, x, options, depths))
    {
        Paper = "arXiv:1603.05027", Licence = "Apache-2.0", CropFraction = 0.95, Interpolation = Interpolation.Bicubic,
    };

    private static Value Build(Scope s, Value x, ModelOptions options, int[] depths)
    {
        x = x.Conv(s["stem.conv"], 64, kernel: 7, stride: 2).MaxPool(kernel: 3, stride: 2, padding: 1);
        for (var stage = 0; stage < depths.Length; stage++)
            for (var i = 0; i < depths[stage]; i++)
                x = Block(s["stages"][stage]["blocks"][i], x, width: 64 << stage, stride: stage > 0 && i == 0 ? 2 : 1, projects: i == 0);
        return x.Norm(s["norm"]).Relu().ConvClassifier(s["head.fc"], options, new Initializer.Normal(0.01));
    }

    /// <summary>1×1, 3×3 and 1×1 convolutions behind norms, around an identity (fig. 4e); four times the width comes out.</summary>
    private static Value Block(Scope s, Value x, int width, int stride, bool projects)
    {
        var act = x.Norm(s["norm1"]).Relu();
        var skip = projects ? act.Conv(s["downsample.conv"], 4 * width, kernel: 1, stride) : x;
        var y = act.Conv(s["conv1"], width, kernel: 1);
        y = y.Norm(s["norm2"]).Relu().Conv(s["conv2"], width, kernel: 3, stride);
        return y.Norm(s["norm3"]).Relu().Conv(s["conv3"], 4 * width, kernel: 1).Plus(skip);
    }
}
