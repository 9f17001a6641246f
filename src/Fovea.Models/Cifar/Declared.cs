using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>Layers that are declared now and applied later, also more than once: for state dicts whose order is not that of computation.</summary>
/// <remarks>Weights and biases start as PyTorch's do when a model leaves them alone: uniform in ±1/√fan-in.</remarks>
internal static class Declared
{
    /// <summary>A convolution of <paramref name="inputs"/> channels; <paramref name="initial"/> is that of the weight alone.</summary>
    internal static Func<Value, Value> Conv(
        Scope s, int inputs, int channels, int kernel, int stride = 1, int? padding = null, int groups = 1, bool bias = false, Initializer? initial = null)
    {
        var weight = new Shape(channels, inputs / groups, kernel, kernel);
        var w = s.Parameter("weight", weight, initial ?? Initializer.FanInUniform);
        var b = bias ? s.Parameter("bias", new Shape(channels), new Initializer.Uniform(1 / Math.Sqrt((double)weight.Elements / channels))) : null;
        var window = Window2d.Of(stride, padding ?? kernel / 2);
        return x => b is null ? x.Conv2d(w, window, groups) : x.Conv2d(w, window, groups).PlusChannels(b);
    }

    /// <summary>A batch norm.</summary>
    internal static Func<Value, Value> Norm(Scope s, int channels, double momentum = 0.1)
    {
        var shape = new Shape(channels);
        var (gamma, beta) = (s.Parameter("weight", shape, Initializer.Ones), s.Parameter("bias", shape, Initializer.Zeros));
        var (mean, variance) = (s.State("running_mean", shape, Initializer.Zeros), s.State("running_var", shape, Initializer.Ones));
        return x => x.BatchNorm(gamma, beta, mean, variance, momentum: momentum);
    }

    /// <summary>A fully connected layer on [N, inputs].</summary>
    internal static Func<Value, Value> Linear(Scope s, int inputs, int features)
    {
        var w = s.Parameter("weight", new Shape(features, inputs), Initializer.FanInUniform);
        var b = s.Parameter("bias", new Shape(features), new Initializer.Uniform(1 / Math.Sqrt(inputs)));
        return x => x.MatMul(w, transposeB: true).Plus(b);
    }
}
