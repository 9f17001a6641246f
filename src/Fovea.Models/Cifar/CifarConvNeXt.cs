using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>ConvNeXt (Liu et al. 2022, arXiv:2201.03545) for small images; names and initialisers follow pytorch-cifar-tricks.</summary>
/// <remarks>The stem halves the image rather than quartering it; the smallest model has channels of its own.</remarks>
internal static class CifarConvNeXt
{
    private const double Epsilon = 1e-6;
    private const double LayerScale = 1e-6;
    private const int MlpRatio = 4;

    private static readonly int[] s_small = [3, 3, 27, 3];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_convnext", Of([3, 3, 9, 3], [48, 86, 192, 384])),
        Row("cifar_convnext_base", Of(s_small, [128, 256, 512, 1024])),
        Row("cifar_convnext_large", Of(s_small, [192, 384, 768, 1536])),
        Row("cifar_convnext_small", Of(s_small, [96, 192, 384, 768])),
    ];

    private static ModelBuilder Of(int[] depths, int[] widths) => TensorOrder.InOrder((s, x, options) =>
    {
        var before = s["downsample_layers"];
        for (var stage = 0; stage < depths.Length; stage++)
        {
            x = stage == 0 ? Norm(before["0.1"], Halve(before["0.0"], x, widths[0])) : Halve(before[stage][1], Norm(before[stage][0], x), widths[stage]);
            for (var i = 0; i < depths[stage]; i++) x = Block(s["stages"][stage][i], x);
        }

        x = x.GlobalAveragePool().Flatten().LayerNorm(s["norm"], Epsilon);
        return x.Logits(s["head"], options, LinearInitial.Small.Weight, LinearInitial.Small.Bias);
    }, "downsample_layers", "stages", "norm", "head");

    private static Value Block(Scope s, Value x)
    {
        var channels = x.Shape.C;
        var gamma = s.Parameter("gamma", new Shape(channels), new Initializer.Fill(LayerScale));
        var y = x.Conv(s["dwconv"], channels, kernel: 7, groups: channels, bias: true, initial: new Initializer.Normal(0.02));
        y = y.Transpose(0, 2, 3, 1).LayerNorm(s["norm"], Epsilon);
        y = y.FeedForward(s["pwconv1"], s["pwconv2"], MlpRatio * channels, Nodes.Gelu, LinearInitial.Small);
        return x.Plus(y.Times(gamma).Transpose(0, 3, 1, 2));
    }

    private static Value Halve(Scope s, Value x, int channels) =>
        x.Conv(s, channels, kernel: 2, stride: 2, padding: 0, bias: true, initial: new Initializer.Normal(0.02));

    /// <summary>Over the channels of each pixel.</summary>
    private static Value Norm(Scope s, Value x) => x.LayerNorm(s, Epsilon, axis: 1);

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "cifar_convnext", builder, "arXiv:2201.03545");
}
