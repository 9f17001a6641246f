using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>Residual blocks of layers <c>conv1</c>, <c>bn1</c>, …, <c>shortcut</c>, and the stages <c>layer1</c>, … that hold them.</summary>
internal static class CifarBlocks
{
    /// <summary>The stem: a 3×3 convolution that keeps the size, a norm, a ReLU.</summary>
    internal static Value Stem(Scope s, Value x, int channels, int kernel = 3, Initializer? initial = null) =>
        x.ConvNormRelu(s["conv1"], s["bn1"], channels, kernel, initial: initial);

    /// <summary>Stages of blocks; the first block of every stage but the first halves the image, unless <paramref name="strides"/> says otherwise.</summary>
    /// <param name="s">Where <c>layer1.0</c> and so on are.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="depths">Blocks of each stage.</param>
    /// <param name="block">Scope, image, number of the stage from 0, stride → image.</param>
    /// <param name="strides">That of each stage's first block.</param>
    internal static Value Stages(Scope s, Value x, int[] depths, Func<Scope, Value, int, int, Value> block, int[]? strides = null)
    {
        for (var stage = 0; stage < depths.Length; stage++)
            for (var i = 0; i < depths[stage]; i++)
                x = block(s[$"layer{stage + 1}"][i], x, stage, i > 0 ? 1 : strides?[stage] ?? (stage > 0 ? 2 : 1));
        return x;
    }

    /// <summary>Two 3×3 convolutions around an identity (He et al. 2015, arXiv:1512.03385, fig. 5, left).</summary>
    internal static Value Basic(Scope s, Value x, int width, int stride, Initializer? initial = null)
    {
        var y = x.ConvNormRelu(s["conv1"], s["bn1"], width, kernel: 3, stride, initial: initial);
        y = y.PlainConv(s["conv2"], width, kernel: 3, initial: initial).Norm(s["bn2"]);
        return y.Plus(Shortcut(s["shortcut"], x, width, stride, initial)).Relu();
    }

    /// <summary>1×1, 3×3 and 1×1 convolutions around an identity (fig. 5, right); the 3×3 one has the stride and the groups.</summary>
    internal static Value Bottleneck(Scope s, Value x, int inner, int channels, int stride, int groups = 1, int squeezed = 0) =>
        Branch(s, x, inner, channels, stride, groups, squeezed).Plus(Shortcut(s["shortcut"], x, channels, stride)).Relu();

    /// <summary>The three convolutions of a bottleneck; with squeeze-and-excite in front of the last where <paramref name="squeezed"/> is not 0.</summary>
    internal static Value Branch(Scope s, Value x, int inner, int channels, int stride, int groups, int squeezed = 0)
    {
        var y = x.ConvNormRelu(s["conv1"], s["bn1"], inner, kernel: 1);
        y = y.ConvNormRelu(s["conv2"], s["bn2"], inner, kernel: 3, stride, groups);
        if (squeezed > 0) y = y.SqueezeExcite(s["se.se1"], s["se.se2"], squeezed, initial: Initializer.FanInUniform);
        return y.PlainConv(s["conv3"], channels, kernel: 1).Norm(s["bn3"]);
    }

    /// <summary>The identity, projected where its shape changes (option B).</summary>
    private static Value Shortcut(Scope s, Value x, int channels, int stride, Initializer? initial = null) =>
        stride == 1 && x.Shape.C == channels ? x : Projection(s, x, channels, stride, initial);

    /// <summary>A 1×1 convolution and a norm.</summary>
    internal static Value Projection(Scope s, Value x, int channels, int stride, Initializer? initial = null) =>
        x.PlainConv(s[0], channels, kernel: 1, stride, initial: initial).Norm(s[1]);
}
