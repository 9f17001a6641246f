using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>
/// The CIFAR networks of He et al. 2015 (arXiv:1512.03385) §4.2: depth 6n + 2, three stages of 16, 32 and 64 channels.
/// </summary>
/// <remarks>
/// Shortcuts are of option A, as in the paper, or of option B. Names and initialisers (He-normal by fan-in, the linear layer too) are those
/// of pytorch_resnet_cifar10 and its public checkpoints.
/// </remarks>
internal static class CifarResNet
{
    private const string Paper = "arXiv:1512.03385";

    /// <summary>The depths of table 6 of the paper.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("resnet20", Of(20)),
        Row("resnet32", Of(32)),
        Row("resnet44", Of(44)),
        Row("resnet56", Of(56)),
        Row("resnet110", Of(110)),
        CifarRow.Of("cifar_resnet20", "cifar_resnet", Of(20, projects: true), Paper),
    ];

    /// <summary>The catalogue's delegate for the given depth.</summary>
    /// <param name="depth">6n + 2.</param>
    /// <param name="projects">Whether shortcuts that change the shape are 1×1 convolutions (option B).</param>
    internal static ModelBuilder Of(int depth, bool projects = false) => (s, x, options) =>
    {
        x = Conv(s["conv1"], x, 16, kernel: 3, stride: 1).Norm(s["bn1"]).Relu();
        for (var stage = 0; stage < 3; stage++)
            for (var i = 0; i < (depth - 2) / 6; i++)
                x = Block(s[$"layer{stage + 1}"][i], x, width: 16 << stage, stride: stage > 0 && i == 0 ? 2 : 1, projects);
        return x.Classifier(s["linear"], options, weightInitial: Initializer.KaimingFanIn);
    };

    private static Value Block(Scope s, Value x, int width, int stride, bool projects)
    {
        var y = Conv(s["conv1"], x, width, kernel: 3, stride).Norm(s["bn1"]).Relu();
        y = Conv(s["conv2"], y, width, kernel: 3, stride: 1).Norm(s["bn2"]);
        return y.Plus(Shortcut(s["shortcut"], x, width, stride, projects)).Relu();
    }

    private static Value Conv(Scope s, Value x, int width, int kernel, int stride) =>
        x.Conv(s, width, kernel, stride, initial: Initializer.KaimingFanIn);

    /// <summary>Option A: every second pixel, and zeros for the channels that are new, half of them in front. Option B: a 1×1 convolution.</summary>
    private static Value Shortcut(Scope s, Value x, int width, int stride, bool projects)
    {
        if (stride == 1 && x.Shape.C == width) return x;
        if (projects) return Conv(s[0], x, width, kernel: 1, stride).Norm(s[1]);
        var (h, w, missing) = ((x.Shape.H + stride - 1) / stride, (x.Shape.W + stride - 1) / stride, width - x.Shape.C);
        var pixels = x.Slice(new Shape(0, 0, 0, 0), new Shape(x.Shape.N, x.Shape.C, h, w), new Shape(1, 1, stride, stride));
        return pixels.Pad(axis: 1, before: missing / 2, after: missing - (missing / 2));
    }

    /// <summary>The public checkpoints of these take ImageNet's mean and deviation.</summary>
    private static ModelRow Row(string name, ModelBuilder builder) => new(name, "cifar_resnet", builder)
    {
        Paper = Paper, Licence = "BSD-2-Clause", Classes = 10, ImageSize = 32, CropFraction = 1,
    };
}
