using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Models.ImageNet;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>MobileViT (Mehta and Rastegari 2021, arXiv:2110.02178) for small images; names and initialisers follow pytorch-cifar-tricks.</summary>
/// <remarks>Attention has one head of 32 features whatever the width, and the image is halved three times.</remarks>
internal static class CifarMobileVit
{
    private const double Epsilon = 1e-5;
    private const int HeadWidth = 32;
    private const int Patch = 2;
    private const int Step = 16;

    private static readonly int[] s_depths = [2, 4, 3];
    private static readonly int[] s_mlpRatios = [2, 4, 4];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_mobilevit_s", Of([32, 64, 96, 128, 160, 640], [144, 192, 240], expansion: 4)),
        Row("cifar_mobilevit_xs", Of([32, 48, 64, 80, 96, 384], [96, 120, 144], expansion: 4)),
        Row("cifar_mobilevit_xxs", Of([16, 24, 48, 64, 80, 320], [64, 80, 96], expansion: 2)),
    ];

    private static ModelBuilder Of(int[] channels, int[] widths, int expansion) => TensorOrder.InOrder((s, x, options) =>
    {
        WantWhole(s["conv1"], x);
        var (residual, block, number) = (s["mv2"], s["mvit"], 0);
        x = ConvNormAct(s["conv1"], x, channels: 16, kernel: 3, stride: 2);
        x = Next(x, channels[0]);
        for (var i = 0; i < 3; i++) x = Next(x, channels[1]);
        for (var i = 0; i < s_depths.Length; i++)
        {
            x = Next(x, channels[2 + i], stride: i < 2 ? 2 : 1);
            x = Block(block[i], x, widths[i], s_depths[i], s_mlpRatios[i] * widths[i]);
        }

        x = ConvNormAct(s["conv2"], x, channels[5], kernel: 1).GlobalAveragePool();
        if (options.DropRate is { } rate and > 0) x = x.Dropout(rate);
        return x.Linear(s["fc"], options.Classes!.Value, bias: false);

        Value Next(Value y, int width, int stride = 1) => Inverted(residual[number++]["conv"], y, width, stride, expansion);
    }, "conv1", "mv2", "mvit", "conv2", "fc");

    private static Value Inverted(Scope s, Value x, int channels, int stride, int expansion)
    {
        var inner = expansion * x.Shape.C;
        var y = x.Conv(s[0], inner, kernel: 1, initial: Initializer.FanInUniform).Norm(s[1]).Silu();
        y = y.Conv(s[3], inner, kernel: 3, stride, groups: inner, initial: Initializer.FanInUniform).Norm(s[4]).Silu();
        y = y.Conv(s[6], channels, kernel: 1, initial: Initializer.FanInUniform).Norm(s[7]);
        return stride == 1 && x.Shape.C == channels ? x.Plus(y) : y;
    }

    private static Value Block(Scope s, Value x, int width, int depth, int hidden)
    {
        WantWhole(s, x);
        var y = ConvNormAct(s["conv1"], x, x.Shape.C, kernel: 3);
        y = ConvNormAct(s["conv2"], y, width, kernel: 1);
        var tokens = MobileVit.Unfold(y, Patch);
        for (var i = 0; i < depth; i++) tokens = Layer(s["transformer.layers"][i], tokens, hidden);
        y = ConvNormAct(s["conv3"], MobileVit.Fold(tokens, y.Shape, Patch), x.Shape.C, kernel: 1);
        return ConvNormAct(s["conv4"], y.Concat(axis: 1, x), x.Shape.C, kernel: 3);
    }

    private static void WantWhole(Scope s, Value x)
    {
        if (x.Shape.H % Patch != 0 || x.Shape.W % Patch != 0)
            throw new ShapeException(
                $"{s.Path} (patches): x {x.Shape} does not fall into patches of {Patch}×{Patch}; wanted images of {Step} pixels or multiples");
    }

    private static Value Layer(Scope s, Value x, int hidden)
    {
        var (attention, mlp) = (s[0]["fn"], s[1]["fn"]);
        Scope? join = x.Shape.H == HeadWidth ? null : attention["to_out.0"];
        x = x.LayerNorm(s[0]["norm"], Epsilon).SelfAttention(attention["to_qkv"], join, heads: 1, HeadWidth, qkvBias: false).Plus(x);
        return x.LayerNorm(s[1]["norm"], Epsilon).FeedForward(mlp["net.0"], mlp["net.3"], hidden, Nodes.Silu).Plus(x);
    }

    private static Value ConvNormAct(Scope s, Value x, int channels, int kernel, int stride = 1) =>
        x.Conv(s[0], channels, kernel, stride, initial: Initializer.FanInUniform).Norm(s[1]).Silu();

    private static ModelRow Row(string name, ModelBuilder builder) =>
        CifarRow.Of(name, "cifar_mobilevit", builder, "arXiv:2110.02178") with { ImageSizeStep = Step };
}
