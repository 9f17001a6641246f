using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Building;

/// <summary>Layers that declare their parameters under a scope, named and ordered as PyTorch's state dict has them.</summary>
public static class Layers
{
    /// <summary>A 2-D convolution. PyTorch: nn.Conv2d.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="s">Where <c>weight</c> [channels, C/groups, kernel, kernel] and <c>bias</c> [channels] are declared.</param>
    /// <param name="channels">Output channels, from 1.</param>
    /// <param name="kernel">Rows and columns of the kernel, from 1.</param>
    /// <param name="stride">Pixels per step, from 1.</param>
    /// <param name="padding">Zeros on each side; by default half of the kernel, which keeps the size at stride 1.</param>
    /// <param name="groups">In how many independent parts the channels fall.</param>
    /// <param name="bias">Whether a bias is added; by default none, unlike PyTorch, because a norm mostly follows.</param>
    /// <param name="dilation">Pixels between taps.</param>
    /// <param name="initial">How the weight starts; by default <see cref="Initializer.KaimingFanOut"/>, as torchvision has it.</param>
    /// <param name="biasInitial">
    /// How the bias starts; by default at 0, but beside <see cref="Initializer.FanInUniform"/> uniformly within the same bounds: PyTorch's
    /// default for both.
    /// </param>
    /// <returns>[N, channels, H', W'].</returns>
    /// <exception cref="ShapeException">The image is smaller than the kernel, or the groups do not divide the channels.</exception>
    public static Value Conv(
        this Value x, Scope s, int channels, int kernel, int stride = 1, int? padding = null, int groups = 1, bool bias = false, int dilation = 1,
        Initializer? initial = null, Initializer? biasInitial = null)
    {
        var weight = new Shape(channels, x.Shape.C / groups, kernel, kernel);
        var w = s.Parameter("weight", weight, initial ?? Initializer.KaimingFanOut);
        var y = x.Conv2d(w, Window2d.Of(stride, padding ?? kernel / 2, dilation), groups);
        return bias ? y.PlusChannels(s.Parameter("bias", new Shape(channels), biasInitial ?? BiasBeside(initial, weight))) : y;
    }

    /// <summary>Batch normalisation with <c>weight</c>, <c>bias</c>, <c>running_mean</c>, <c>running_var</c> [C]. PyTorch: nn.BatchNorm2d.</summary>
    /// <param name="x">[N, C, …].</param>
    /// <param name="s">Where the four are declared.</param>
    /// <param name="epsilon">Added to the variance; by default 1e-5.</param>
    /// <param name="momentum">The weight of a batch in the running statistics, 0–1; by default 0.1.</param>
    /// <param name="weight">How the weight starts; by default 1.</param>
    /// <param name="bias">How the bias starts; by default 0.</param>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Value Norm(
        this Value x, Scope s, double epsilon = 1e-5, double momentum = 0.1, Initializer? weight = null, Initializer? bias = null)
    {
        var channels = new Shape(x.Shape.C);
        var gamma = s.Parameter("weight", channels, weight ?? Initializer.Ones);
        var beta = s.Parameter("bias", channels, bias ?? Initializer.Zeros);
        var mean = s.State("running_mean", channels, Initializer.Zeros);
        var variance = s.State("running_var", channels, Initializer.Ones);
        return x.BatchNorm(gamma, beta, mean, variance, epsilon, momentum);
    }

    /// <summary>Layer normalisation with <c>weight</c> and <c>bias</c> of one line along an axis. PyTorch: nn.LayerNorm of the last axis.</summary>
    /// <param name="x">Any tensor with that axis.</param>
    /// <param name="s">Where the two are declared.</param>
    /// <param name="epsilon">Added to the variance; by default 1e-5.</param>
    /// <param name="axis">The axis, from the end when negative; 1 normalises the channels of each pixel of an image [N, C, H, W].</param>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public static Value LayerNorm(this Value x, Scope s, double epsilon = 1e-5, int axis = -1)
    {
        var line = new Shape(x.Shape[axis < 0 ? axis + x.Shape.Rank : axis]);
        return x.LayerNorm(s.Parameter("weight", line, Initializer.Ones), s.Parameter("bias", line, Initializer.Zeros), epsilon, axis);
    }

    /// <summary>A fully connected layer, x·wᵀ + b. PyTorch: nn.Linear.</summary>
    /// <param name="x">[N, …]; all axes but the first are flattened.</param>
    /// <param name="s">Where <c>weight</c> [features, inputs] and <c>bias</c> [features] are declared.</param>
    /// <param name="features">Outputs, from 1.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="weightInitial">How the weight starts; by default uniform in ±1/√inputs, as in PyTorch.</param>
    /// <param name="biasInitial">How the bias starts; by default uniform in ±1/√inputs, as in PyTorch.</param>
    /// <returns>[N, features].</returns>
    public static Value Linear(
        this Value x, Scope s, int features, bool bias = true, Initializer? weightInitial = null, Initializer? biasInitial = null)
    {
        var flat = x.Flatten();
        var inputs = flat.Shape[1];
        var w = s.Parameter("weight", new Shape(features, inputs), weightInitial ?? Initializer.FanInUniform);
        var y = flat.MatMul(w, transposeB: true);
        return bias ? y.Plus(s.Parameter("bias", new Shape(features), biasInitial ?? new Initializer.Uniform(1 / Math.Sqrt(inputs)))) : y;
    }

    /// <summary>The end of a classifier: global average pooling, dropout where the options ask for it, a linear layer to the classes.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="s">Where the linear layer's parameters are declared.</param>
    /// <param name="options">The resolved options of the model.</param>
    /// <param name="weightInitial">As in <see cref="Linear"/>.</param>
    /// <param name="biasInitial">As in <see cref="Linear"/>.</param>
    /// <returns>[N, classes].</returns>
    public static Value Classifier(
        this Value x, Scope s, ModelOptions options, Initializer? weightInitial = null, Initializer? biasInitial = null)
    {
        return x.GlobalAveragePool().Logits(s, options, weightInitial, biasInitial);
    }

    /// <summary>The end of a classifier whose image is already pooled: dropout where the options ask for it, a linear layer to the classes.</summary>
    /// <param name="x">[N, …]; all axes but the first are flattened.</param>
    /// <param name="s">Where the linear layer's parameters are declared.</param>
    /// <param name="options">The resolved options of the model.</param>
    /// <param name="weightInitial">As in <see cref="Linear"/>.</param>
    /// <param name="biasInitial">As in <see cref="Linear"/>.</param>
    /// <returns>[N, classes].</returns>
    public static Value Logits(this Value x, Scope s, ModelOptions options, Initializer? weightInitial = null, Initializer? biasInitial = null)
    {
        if (options.DropRate is { } rate and > 0) x = x.Dropout(rate);
        return x.Linear(s, options.Classes ?? throw new ModelException("classes is not resolved"), bias: true, weightInitial, biasInitial);
    }

    /// <summary><see cref="Classifier"/> with a 1×1 convolution in place of the linear layer, so that its weight is [classes, C, 1, 1].</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="s">Where the convolution's parameters are declared.</param>
    /// <param name="options">The resolved options of the model.</param>
    /// <param name="weightInitial">As in <see cref="Linear"/>. The bias starts uniform in ±1/√C, as in PyTorch.</param>
    /// <returns>[N, classes].</returns>
    public static Value ConvClassifier(this Value x, Scope s, ModelOptions options, Initializer? weightInitial = null)
    {
        var (classes, bias) = (options.Classes ?? throw new ModelException("classes is not resolved"), new Initializer.Uniform(1 / Math.Sqrt(x.Shape.C)));
        x = x.GlobalAveragePool();
        if (options.DropRate is { } rate and > 0) x = x.Dropout(rate);
        return x.Conv(s, classes, kernel: 1, bias: true, initial: weightInitial ?? Initializer.FanInUniform, biasInitial: bias).Flatten();
    }

    /// <summary>How the bias of a layer starts whose weight starts so.</summary>
    internal static Initializer BiasBeside(Initializer? initial, Shape weight) => initial == Initializer.FanInUniform
        ? new Initializer.Uniform(1 / Math.Sqrt(weight.Elements / weight.N))
        : Initializer.Zeros;
}
