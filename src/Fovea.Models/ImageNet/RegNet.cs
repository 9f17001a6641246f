using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>RegNet X and Y (Radosavovic et al. 2020, arXiv:2003.13678); names and initialisers follow timm.</summary>
internal static class RegNet
{
    private const int StemWidth = 32;

    internal static Value Build(Scope s, Value x, ModelOptions options, RegNetForm form)
    {
        x = ConvNorm(s["stem"], x, StemWidth, kernel: 3, stride: 2).Relu();
        var number = 1;
        foreach (var (width, depth, groupWidth) in form.Stages())
        {
            for (var i = 1; i <= depth; i++) x = Block(s[$"s{number}.b{i}"], x, width, stride: i == 1 ? 2 : 1, width / groupWidth, form.Squeezes);
            number++;
        }

        return x.Classifier(s["head.fc"], options, new Initializer.Normal(0.01), Initializer.Zeros);
    }

    /// <summary>
    /// The X block, or with squeeze and excitation the Y block (fig. 4, §5); a quarter of the channels that come in is left between the two layers.
    /// </summary>
    private static Value Block(Scope s, Value x, int width, int stride, int groups, bool squeezes)
    {
        var y = ConvNorm(s["conv1"], x, width, kernel: 1).Relu();
        y = ConvNorm(s["conv2"], y, width, kernel: 3, stride, groups).Relu();
        if (squeezes) y = y.SqueezeExcite(s["se.fc1"], s["se.fc2"], (int)Math.Round(0.25 * x.Shape.C, MidpointRounding.ToEven));
        y = ConvNorm(s["conv3"], y, width, kernel: 1, norm: Initializer.Zeros);
        var skip = stride != 1 || x.Shape.C != width ? ConvNorm(s["downsample"], x, width, kernel: 1, stride) : x;
        return y.Plus(skip).Relu();
    }

    private static Value ConvNorm(Scope s, Value x, int channels, int kernel, int stride = 1, int groups = 1, Initializer? norm = null)
    {
        var fanOut = kernel * kernel * channels / groups;
        return x.Conv(
            s["conv"], channels, kernel, stride, groups: groups, initial: new Initializer.Normal(Math.Sqrt(2.0 / fanOut))).Norm(s["bn"], weight: norm);
    }
}
