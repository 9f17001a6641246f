using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Models.ImageNet;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>NASNet-A (Zoph et al. 2017, arXiv:1707.07012) for 32 pixels: three stages of four normal cells, 44 channels.</summary>
/// <remarks>
/// Names and initialisers follow pytorch-cifar-tricks. Each cell declares, behind its other layers, two ways to fit the result before the
/// last to itself, and uses at most one: hence layers are declared here in the order of the state dict and applied afterwards.
/// </remarks>
internal static class CifarNasNet
{
    private const int Width = 44;
    private const int CellsPerStage = 4;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
        [CifarRow.Of("cifar_nasnet", "cifar_nasnet", Build, "arXiv:1707.07012") with { UnusedTensors = [.. Unused()] }];

    /// <summary>A declared layer.</summary>
    private delegate Value Layer(Value x);

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = x.TorchConv(s["stem"][0], Width, kernel: 3).Norm(s["stem"][1]);
        var (before, cell) = ((Value?)null, 0);
        for (var stage = 0; stage < 3; stage++)
        {
            if (stage > 0) (x, before) = (Reduction(s["cell_layers"][cell++], x, before!, Width << stage), x);
            for (var i = 0; i < CellsPerStage; i++) (x, before) = (Normal(s["cell_layers"][cell++], x, before, Width << stage), x);
        }

        return x.Relu().Classifier(s["fc"], options);
    }

    private static Value Normal(Scope s, Value x, Value? before, int width)
    {
        var h = Projection(s["dem_reduce"], x.Shape.C, width, bias: false)(x);
        var first = Branch(s["block1_left"], width, kernel: 3, bias: false);
        var (second, secondRight) = (Branch(s["block2_left"], width, kernel: 3, bias: false), Branch(s["block2_right"], width, kernel: 5, bias: false));
        var (fifth, fifthRight) = (Branch(s["block5_left"], width, kernel: 5, bias: false), Branch(s["block5_right"], width, kernel: 3, bias: false));
        var p = Fitted(s["fit"], x, before, width);
        return p.Concat(axis: 1,
            first(h).Plus(h),
            second(p).Plus(secondRight(h)),
            Average(h, stride: 1).Plus(h),
            Average(p, stride: 1).Times(2),
            fifth(p).Plus(fifthRight(p)));
    }

    private static Value Reduction(Scope s, Value x, Value before, int width)
    {
        var h = Projection(s["dim_reduce"], x.Shape.C, width, bias: true)(x);
        var left = Branch(s["layer1block1_left"], width, kernel: 7, bias: true, stride: 2);
        var right = Branch(s["layer1block1_right"], width, kernel: 5, bias: true, stride: 2);
        var second = Branch(s["layer1block2_right"], width, kernel: 7, bias: true, stride: 2);
        var third = Branch(s["layer1block3_right"], width, kernel: 5, bias: true, stride: 2);
        var fourth = Branch(s["layer2block1_right"], width, kernel: 3, bias: true);
        var p = Fitted(s["fit"], x, before, width);
        var sum = left(p).Plus(right(h));
        var pooled = h.MaxPool(kernel: 3, stride: 2, padding: 1);
        var second2 = pooled.Plus(second(p));
        return second2.Concat(axis: 1, Average(h, stride: 2).Plus(third(p)), pooled.Plus(fourth(sum)), Average(sum, stride: 1).Plus(second2));
    }

    /// <summary>The result before the last in the size and width of the cell; x itself where there is none.</summary>
    private static Value Fitted(Scope s, Value x, Value? before, int width)
    {
        var inputs = (before ?? x).Shape.C;
        var (even, odd) = (Conv(s["p1"][1], inputs, width / 2, bias: true, stride: 2), Conv(s["p2"][3], inputs, width / 2, bias: true));
        var norm = Norm(s["bn"], width);
        var projection = Projection(s["dim_reduce"], inputs, width, bias: true);
        if (before is null) return x;
        if (before.Shape.H == x.Shape.H) return inputs == width ? before : projection(before);
        before = before.Relu();
        return norm(even(before).Concat(axis: 1, odd(NasParts.OddPixels(before))));
    }

    /// <summary>ReLU, separable convolution, norm, twice. The first depthwise part has the stride and perhaps no bias.</summary>
    private static Layer Branch(Scope s, int width, int kernel, bool bias, int stride = 1)
    {
        var depthwise = Conv(s["block1"][1]["depthwise"], width, width, bias, kernel, stride, groups: width);
        var (pointwise, norm) = (Conv(s["block1"][1]["pointwise"], width, width, bias: true), Norm(s["block1"][2], width));
        var depthwise2 = Conv(s["block2"][1]["depthwise"], width, width, bias: true, kernel, groups: width);
        var (pointwise2, norm2) = (Conv(s["block2"][1]["pointwise"], width, width, bias: true), Norm(s["block2"][2], width));
        return x => norm2(pointwise2(depthwise2(norm(pointwise(depthwise(x.Relu()))).Relu())));
    }

    /// <summary>ReLU, 1×1 convolution, norm.</summary>
    private static Layer Projection(Scope s, int inputs, int width, bool bias)
    {
        var (conv, norm) = (Conv(s[1], inputs, width, bias), Norm(s[2], width));
        return x => norm(conv(x.Relu()));
    }

    private static Layer Conv(Scope s, int inputs, int channels, bool bias, int kernel = 1, int stride = 1, int groups = 1)
    {
        var shape = new Shape(channels, inputs / groups, kernel, kernel);
        var w = s.Parameter("weight", shape, Initializer.FanInUniform);
        var b = bias ? s.Parameter("bias", new Shape(channels), Layers.BiasBeside(Initializer.FanInUniform, shape)) : null;
        var window = Window2d.Of(stride, kernel / 2);
        return b is null ? x => x.Conv2d(w, window, groups) : x => x.Conv2d(w, window, groups).PlusChannels(b);
    }

    private static Layer Norm(Scope s, int channels)
    {
        var shape = new Shape(channels);
        var (gamma, beta) = (s.Parameter("weight", shape, Initializer.Ones), s.Parameter("bias", shape, Initializer.Zeros));
        var (mean, variance) = (s.State("running_mean", shape, Initializer.Zeros), s.State("running_var", shape, Initializer.Ones));
        return x => x.BatchNorm(gamma, beta, mean, variance, epsilon: 1e-5, momentum: 0.1);
    }

    private static Value Average(Value x, int stride) => x.AvgPool(kernel: 3, stride, padding: 1);

    /// <summary>What the cells declare to fit the result before the last and do not use at 32 pixels.</summary>
    private static IEnumerable<string> Unused()
    {
        string[] conv = ["weight", "bias"];
        string[] norm = [.. conv, "running_mean", "running_var"];
        string[] halves = [.. conv.Select(name => $"p1.1.{name}"), .. conv.Select(name => $"p2.3.{name}"), .. norm.Select(name => $"bn.{name}")];
        string[] projection = [.. conv.Select(name => $"dim_reduce.1.{name}"), .. norm.Select(name => $"dim_reduce.2.{name}")];
        for (var cell = 0; cell < (3 * CellsPerStage) + 2; cell++)
        {
            var isFirst = cell < 2;
            var followsReduction = cell is CellsPerStage + 1 or (2 * CellsPerStage) + 2;
            foreach (var name in isFirst ? [.. halves, .. projection] : followsReduction ? projection : halves) yield return $"cell_layers.{cell}.fit.{name}";
        }
    }
}
