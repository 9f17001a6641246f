using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>
/// ResNeXt (Xie et al. 2016, arXiv:1611.05431 §5.3) as a body for attention: three stages of bottlenecks to 256, 512 and 1024 channels.
/// </summary>
/// <remarks>All convolutions start He-normal by fan-in, those of the attention too.</remarks>
/// <param name="Cardinality">Groups of the 3×3 convolutions.</param>
/// <param name="Depth">9n + 2.</param>
/// <param name="BaseWidth">Channels of each group in the first stage.</param>
internal sealed record GroupedResNeXt(int Cardinality, int Depth, int BaseWidth)
{
    /// <summary>Declares what a block's branch goes through at its end: scope, channels, extent of the image.</summary>
    internal Func<Scope, int, int, Func<Value, Value>>? Attention { get; init; }

    /// <summary>What the block does in the middle instead of a grouped 3×3 convolution: scope, image, groups, stride.</summary>
    internal Func<Scope, Value, int, int, Value>? Middle { get; init; }

    /// <summary>A convolution of this body.</summary>
    internal static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1, int groups = 1, bool bias = false) =>
        x.PlainConv(s, channels, kernel, stride, groups: groups, bias: bias, initial: Initializer.KaimingFanIn);

    internal Value Build(Scope s, Value x, ModelOptions options)
    {
        x = Conv(s["conv_1_3x3"], x, 64, kernel: 3).Norm(s["bn_1"]).Relu();
        for (var stage = 1; stage <= 3; stage++)
            for (var i = 0; i < (Depth - 2) / 9; i++)
                x = Block(s[$"stage_{stage}.stage_{stage}_bottleneck_{i}"], x, 128 << stage, stage > 1 && i == 0 ? 2 : 1);
        return x.Classifier(s["fc"], options);
    }

    /// <summary>The attention's parameters come first.</summary>
    private Value Block(Scope s, Value x, int channels, int stride)
    {
        var inner = Cardinality * (BaseWidth * channels / 256);
        var attend = Attention?.Invoke(s, channels, (x.Shape.H + stride - 1) / stride);
        var y = Conv(s["conv_reduce"], x, inner, kernel: 1).Norm(s["bn_reduce"]).Relu();
        y = Middle is { } middle ? middle(s, y, Cardinality, stride) : Conv(s["conv_conv"], y, inner, kernel: 3, stride, Cardinality);
        y = Conv(s["conv_expand"], y.Norm(s["bn"]).Relu(), channels, kernel: 1).Norm(s["bn_expand"]);
        var skip = x.Shape.C == channels
            ? x
            : Conv(s["shortcut.shortcut_conv"], x, channels, kernel: 1, stride).Norm(s["shortcut.shortcut_bn"]);
        return (attend is null ? y : attend(y)).Plus(skip).Relu();
    }
}
