using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>MobileViT (Mehta and Rastegari 2021, arXiv:2110.02178); names and initialisers follow timm.</summary>
/// <remarks>An image that patches do not divide is resized for the transformer and back.</remarks>
internal static class MobileVit
{
    private const double Epsilon = 1e-5;
    private const int Heads = 4;
    private const int MlpRatio = 2;
    private const int Patch = 2;

    private static readonly int[] s_depths = [2, 4, 3];
    private static readonly IReadOnlyList<double> s_zero = [0, 0, 0];
    private static readonly IReadOnlyList<double> s_one = [1, 1, 1];
    private static readonly LinearInitial s_initial = new(new Initializer.Normal(0.01), Initializer.Zeros);

    /// <summary>The rows of table 5 of the paper.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("mobilevit_s", Of([32, 64, 96, 128, 160], [144, 192, 240], expansion: 4, last: 640)),
        Row("mobilevit_xs", Of([32, 48, 64, 80, 96], [96, 120, 144], expansion: 4, last: 384)),
        Row("mobilevit_xxs", Of([16, 24, 48, 64, 80], [64, 80, 96], expansion: 2, last: 320)),
    ];

    /// <summary>The catalogue's delegate for the channels of each stage, the features of the last three's transformers, and the final channels.</summary>
    private static ModelBuilder Of(int[] channels, int[] features, int expansion, int last) => (s, x, options) =>
    {
        var (number, blocks) = (0, 4 + (2 * s_depths.Length));
        double Next() => options.DropPathAt(number++, blocks);
        x = ConvNormAct(s["stem"], x, channels: 16, kernel: 3, stride: 2);
        x = Inverted(s["stages.0.0"], x, channels[0], stride: 1, expansion, Next());
        for (var i = 0; i < 3; i++) x = Inverted(s["stages.1"][i], x, channels[1], stride: i == 0 ? 2 : 1, expansion, Next());
        for (var i = 0; i < s_depths.Length; i++)
        {
            var at = s["stages"][2 + i];
            x = Inverted(at[0], x, channels[2 + i], stride: 2, expansion, Next());
            x = Block(at[1], x, features[i], s_depths[i], Next());
        }

        x = ConvNormAct(s["final_conv"], x, last, kernel: 1);
        return x.Classifier(s["head.fc"], options, s_initial.Weight, s_initial.Bias);
    };

    /// <summary>An inverted residual (Sandler et al. 2018, arXiv:1801.04381, fig. 4).</summary>
    private static Value Inverted(Scope s, Value x, int channels, int stride, int expansion, double dropPath)
    {
        var (inner, identity) = (expansion * x.Shape.C, stride == 1 && x.Shape.C == channels);
        var y = ConvNormAct(s["conv1_1x1"], x, inner, kernel: 1);
        y = ConvNormAct(s["conv2_kxk"], y, inner, kernel: 3, stride, groups: inner);
        y = ConvNorm(s["conv3_1x1"], y, channels, kernel: 1, gamma: identity ? Initializer.Zeros : Initializer.Ones);
        return identity ? x.Plus(y.DropPath(dropPath)) : y;
    }

    /// <summary>A transformer over the pixels that have the same place in their patches, between convolutions (fig. 1b).</summary>
    private static Value Block(Scope s, Value x, int features, int depth, double dropPath)
    {
        var y = ConvNormAct(s["conv_kxk"], x, x.Shape.C, kernel: 3);
        y = y.Conv(s["conv_1x1"], features, kernel: 1, initial: FanOut(kernel: 1, features));
        var (h, w) = ((x.Shape.H + Patch - 1) / Patch * Patch, (x.Shape.W + Patch - 1) / Patch * Patch);
        var tokens = Unfold(y.Resize(h, w), Patch);
        for (var i = 0; i < depth; i++)
            tokens = VisionTransformer.Block(s["transformer"][i], tokens, Heads, MlpRatio * features, Epsilon, Nodes.Silu, dropPath, s_initial);
        y = Fold(tokens.LayerNorm(s["norm"], Epsilon), new Shape(x.Shape.N, features, h, w), Patch).Resize(x.Shape.H, x.Shape.W);
        y = ConvNormAct(s["conv_proj"], y, x.Shape.C, kernel: 1);
        return ConvNormAct(s["conv_fusion"], x.Concat(axis: 1, y), x.Shape.C, kernel: 3);
    }

    /// <summary>
    /// The pixels that have the same place in their patches, as tokens: [N, C, H, W] → [N·side², H·W/side², C]. The side divides H and W.
    /// </summary>
    internal static Value Unfold(Value x, int side)
    {
        var (n, c, h, w) = (x.Shape.N, x.Shape.C, x.Shape.H / side, x.Shape.W / side);
        return x.Reshape(new Shape(n, c, h, side, w, side)).Transpose(0, 3, 5, 2, 4, 1).Reshape(new Shape(n * side * side, h * w, c));
    }

    /// <summary>The inverse of <see cref="Unfold"/>.</summary>
    /// <param name="x">[N·side², H·W/side², C].</param>
    /// <param name="image">[N, C, H, W].</param>
    /// <param name="side">Rows and columns of a patch.</param>
    internal static Value Fold(Value x, Shape image, int side) =>
        x.Reshape(new Shape(image.N, side, side, image.H / side, image.W / side, image.C)).Transpose(0, 5, 3, 1, 4, 2).Reshape(image);

    private static Value ConvNormAct(Scope s, Value x, int channels, int kernel, int stride = 1, int groups = 1) =>
        ConvNorm(s, x, channels, kernel, stride, groups).Silu();

    private static Value ConvNorm(Scope s, Value x, int channels, int kernel, int stride = 1, int groups = 1, Initializer? gamma = null) =>
        x.Conv(s["conv"], channels, kernel, stride, groups: groups, initial: FanOut(kernel, channels / groups)).Norm(s["bn"], weight: gamma);

    /// <summary>He-normal by the outputs that each input of a group reaches.</summary>
    private static Initializer.Normal FanOut(int kernel, int channels) => new(Math.Sqrt(2.0 / (kernel * kernel * channels)));

    private static ModelRow Row(string name, ModelBuilder builder) => new(name, "mobilevit", builder)
    {
        Paper = "arXiv:2110.02178", Licence = "Apache-2.0", ImageSize = 256, Mean = s_zero, Std = s_one, CropFraction = 0.9,
        Interpolation = Interpolation.Bicubic,
    };
}
