using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>ResNet in ResNet (Targ et al. 2016, arXiv:1603.08029): a residual and a transient stream that feed each other.</summary>
/// <remarks>
/// The last convolution has as many channels as there are classes, a hundred in the public code, whose «10 classes» give 100 logits too.
/// </remarks>
internal static class ResNetInResNet
{
    private const int Width = 48;

    private static readonly Initializer s_bias = new Initializer.Fill(0.01);

    /// <summary>The width of each block as a multiple of the first, and its stride.</summary>
    private static readonly (int Multiple, int Stride)[] s_blocks = [(1, 1), (1, 1), (2, 2), (2, 1), (2, 1), (4, 2), (4, 1), (4, 1)];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        CifarRow.Of("cifar_rir", "rir", Build, "arXiv:1603.08029") with { Classes = 100, DropRate = 0.5 },
    ];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        var classes = options.Classes ?? throw new ModelException("classes is not resolved");
        var (residual, transient) = (Stem(s["residual_pre_conv"], x), Stem(s["transient_pre_conv"], x));
        for (var i = 0; i < s_blocks.Length; i++)
            for (var layer = 0; layer < 2; layer++)
            {
                var (multiple, stride) = s_blocks[i];
                var at = s[$"rir{i + 1}.resnetinit.generalized layers{layer}"];
                (residual, transient) = Layer(at, residual, transient, multiple * Width, layer == 0 ? stride : 1);
            }

        x = Conv(s["conv1"][0], residual.Concat(axis: 1, transient), classes, kernel: 3, stride: 2, padding: 0).Norm(s["conv1"][1]).Relu();
        return x.Linear(s["classifier"][0], 450).Relu().Logits(s["classifier"][3], options);
    }

    private static Value Stem(Scope s, Value x) => Conv(s[0], x, Width, kernel: 3).Norm(s[1]).Relu();

    /// <summary>Four convolutions, two within the streams and two across; the residual stream alone has a shortcut (fig. 1d).</summary>
    private static (Value Residual, Value Transient) Layer(Scope s, Value residual, Value transient, int width, int stride)
    {
        var within = Conv(s["residual_stream_conv"], residual, width, kernel: 3, stride);
        var transientWithin = Conv(s["transient_stream_conv"], transient, width, kernel: 3, stride);
        var across = Conv(s["residual_stream_conv_across"], residual, width, kernel: 3, stride);
        var transientAcross = Conv(s["transient_stream_conv_across"], transient, width, kernel: 3, stride);
        var norm = Declared.Norm(s["residual_bn_relu"][0], width);
        var transientNorm = Declared.Norm(s["transient_bn_relu"][0], width);
        var keeps = stride == 1 && residual.Shape.C == width;
        var skip = keeps ? residual : Conv(s["short_cut"][0], residual, width, kernel: 1, stride);
        return (norm(within.Plus(transientAcross).Plus(skip)).Relu(), transientNorm(across.Plus(transientWithin)).Relu());
    }

    private static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1, int? padding = null)
    {
        var y = x.Conv(s, channels, kernel, stride, padding, initial: Initializer.KaimingFanIn);
        return y.PlusChannels(s.Parameter("bias", new Tensors.Shape(channels), s_bias));
    }
}
