using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>ResNet-26 of two branches with shake-shake (Gastaldi 2017, arXiv:1705.07485), each image with weights of its own in both passes.</summary>
/// <remarks>Convolutions start He-normal by fan-in. The public code declares a shortcut in every block and applies it where the width changes.</remarks>
internal static class ShakeResNet
{
    private const int Units = 4;
    private const int Stages = 3;
    private static readonly string[] s_shortcut = ["conv1.weight", "conv2.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_shake_resnet26_2x32d", 32),
        Row("cifar_shake_resnet26_2x64d", 64),
    ];

    private static Value Build(Scope s, Value x, ModelOptions options, int width)
    {
        x = Conv(s["conv_1"], x, 16, kernel: 3, bias: true).Norm(s["bn_1"]);
        for (var stage = 0; stage < Stages; stage++)
            for (var i = 0; i < Units; i++)
                x = Block(s[$"stage_{stage + 1}"][i], x, width << stage, stage > 0 && i == 0 ? 2 : 1);
        return x.Relu().Classifier(s["fc_out"], options, biasInitial: Initializer.Zeros);
    }

    private static Value Block(Scope s, Value x, int width, int stride)
    {
        var shortcut = Shortcut(s["shortcut"], x.Shape.C, width, stride);
        var (first, second) = (Branch(s["branch1"], x, width, stride), Branch(s["branch2"], x, width, stride));
        return first.ShakeShake(second).Plus(x.Shape.C == width ? x : shortcut(x));
    }

    private static Value Branch(Scope s, Value x, int width, int stride)
    {
        x = Conv(s[1], x.Relu(), width, kernel: 3, stride).Norm(s[2]).Relu();
        return Conv(s[4], x, width, kernel: 3).Norm(s[5]);
    }

    /// <summary>Half of the channels from every stride-th pixel, half from the same of the image moved by a pixel up and to the left.</summary>
    private static Func<Value, Value> Shortcut(Scope s, int inputs, int width, int stride)
    {
        var here = Declared.Conv(s["conv1"], inputs, width / 2, kernel: 1, initial: Initializer.KaimingFanIn);
        var there = Declared.Conv(s["conv2"], inputs, width / 2, kernel: 1, initial: Initializer.KaimingFanIn);
        var norm = Declared.Norm(s["bn"], width);
        return x =>
        {
            x = x.Relu();
            var (h, w) = ((x.Shape.H + stride - 1) / stride, (x.Shape.W + stride - 1) / stride);
            var (sizes, steps) = (new Shape(x.Shape.N, x.Shape.C, h, w), new Shape(1, 1, stride, stride));
            var moved = x.Pad(new Padding(new Shape(0, 0, 0, 0), new Shape(0, 0, 1, 1))).Slice(new Shape(0, 0, 1, 1), sizes, steps);
            return norm(here(x.Slice(new Shape(0, 0, 0, 0), sizes, steps)).Concat(axis: 1, there(moved)));
        };
    }

    private static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1, bool bias = false) =>
        x.PlainConv(s, channels, kernel, stride, bias: bias, initial: Initializer.KaimingFanIn);

    private static ModelRow Row(string name, int width) =>
        CifarRow.Of(name, "shake_resnet", (s, x, options) => Build(s, x, options, width), "arXiv:1705.07485") with
        {
            UnusedTensors =
            [
                .. from stage in Enumerable.Range(1, Stages) from unit in Enumerable.Range(1, Units - 1) from tensor in s_shortcut
                   select $"stage_{stage}.{unit}.shortcut.{tensor}",
            ],
        };
}
