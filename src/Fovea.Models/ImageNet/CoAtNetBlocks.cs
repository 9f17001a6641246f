using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>The two blocks of <see cref="CoAtNet"/>.</summary>
internal static class CoAtNetBlocks
{
    internal const double Epsilon = 1e-6;

    private const int Expansion = 4;
    private const int HeadWidth = 32;
    private const double ExciteRatio = 0.25;
    private const double PositionDrop = 0.125;

    private static readonly Initializer s_tiny = new Initializer.Normal(1e-6);
    private static readonly LinearInitial s_position = new(Initializer.XavierUniform, s_tiny);

    /// <summary>An inverted residual with a norm in front and squeeze-and-excitation.</summary>
    internal static Value Convolution(Scope s, Value x, int width, int stride, double dropPath, CoAtNetPlan plan)
    {
        var shortcut = stride == 1 ? x : Halve(s["shortcut"], x, width, plan.Maxima, plan.ConvolutionBias, Initializer.KaimingFanOut);
        var inner = Expansion * (plan.ExpandsOutput ? width : x.Shape.C);
        var y = x.Norm(s["pre_norm"]);
        if (plan.ActivatesFirst) y = plan.Activation(y);
        if (plan.Pools && stride == 2) y = y.AvgPool(kernel: 2, stride: 2);
        y = plan.Activation(Conv(s["conv1_1x1"], y, inner, kernel: 1).Norm(s["norm1"]));
        y = Conv(s["conv2_kxk"], y, inner, kernel: 3, plan.Pools ? 1 : stride, groups: inner);
        var squeezed = (int)(ExciteRatio * (plan.ExpandsOutput ? width : inner));
        if (plan.ExcitesEarly) y = y.SqueezeExcite(s["se_early.fc1"], s["se_early.fc2"], squeezed, plan.ExciteActivation);
        y = plan.Activation(y.Norm(s["norm2"]));
        if (!plan.ExcitesEarly) y = y.SqueezeExcite(s["se.fc1"], s["se.fc2"], squeezed, plan.ExciteActivation);
        y = Conv(s["conv3_1x1"], y, width, kernel: 1, bias: plan.ConvolutionBias);
        return y.DropPath(dropPath).Plus(shortcut);
    }

    /// <summary>Attention with relative positions and a feed-forward layer, each after a norm.</summary>
    /// <param name="s">Where its layers are declared.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="width">Channels of the result.</param>
    /// <param name="stride">1, or 2 to halve the image.</param>
    /// <param name="dropPath">How often training leaves a branch out.</param>
    /// <param name="plan">The model's.</param>
    /// <param name="positions">The relative positions of the stage, made by its first block.</param>
    internal static Value Attention(Scope s, Value x, int width, int stride, double dropPath, CoAtNetPlan plan, ref Value? positions)
    {
        var shortcut = stride == 1 ? x : Halve(s["shortcut"], x, width, plan.Maxima, plan.AttentionBias, Initializer.XavierUniform);
        var y = stride == 1 ? Norm(s["norm1"], x, plan) : Pool(Norm(s["norm1.norm"], x, plan), plan.Maxima);
        positions ??= x.Graph.RelativePositions(y.Shape.H, y.Shape.W);
        y = Scaled(s["ls1"], Attend(s["attn"], y, width, positions, plan), plan);
        x = shortcut.Plus(y.DropPath(dropPath));
        y = FeedForward(s["mlp"], Norm(s["norm2"], x, plan));
        return x.Plus(Scaled(s["ls2"], y, plan).DropPath(dropPath));
    }

    internal static Value Norm(Scope s, Value x, CoAtNetPlan plan) => plan.BatchNorms ? x.Norm(s, Epsilon) : x.LayerNorm(s, Epsilon, axis: 1);

    /// <summary>He-normal by the outputs that each input of a group reaches, as timm has it.</summary>
    internal static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1, int groups = 1, bool bias = false) =>
        x.Conv(s, channels, kernel, stride, groups: groups, bias: bias,
            initial: new Initializer.Normal(Math.Sqrt(2.0 / (kernel * kernel * channels / groups))));

    private static Value Attend(Scope s, Value x, int width, Value positions, CoAtNetPlan plan)
    {
        var (n, h, w) = (x.Shape.N, x.Shape.H, x.Shape.W);
        var own = plan.ExpandsOutput ? width : x.Shape.C;
        var heads = own / HeadWidth;
        var qkv = Pointwise(s["qkv"], x, 3 * own).Reshape(new Shape(n, heads, 3 * HeadWidth, h * w));
        var bias = plan.PositionWidth is { } hidden
            ? Positions(s["rel_pos.mlp"], heads, hidden, h, w)
            : s.Parameter("rel_pos.relative_position_bias_table", new Shape(((2 * h) - 1) * ((2 * w) - 1), heads), new Initializer.Normal(0.02));
        var y = Building.Attention.AttendImages(Third(0), Third(1), Third(2), 1 / Math.Sqrt(HeadWidth), bias.RelativeBias(positions, h * w));
        return Pointwise(s["proj"], y.Reshape(new Shape(n, own, h, w)), width);

        Value Third(int i) => qkv.Slice(axis: 2, i * HeadWidth, HeadWidth);
    }

    /// <summary>A table of biases made from the logarithms of relative positions by two layers (Liu et al. 2021, arXiv:2111.09883, §3.3).</summary>
    private static Value Positions(Scope s, int heads, int hidden, int h, int w)
    {
        var logs = new HostTensor(TensorType.F32(((2 * h) - 1) * ((2 * w) - 1), 2));
        for (var i = 0; i < logs.Shape.N; i++)
        {
            logs.Floats[2 * i] = Log((i / ((2 * w) - 1)) - h + 1);
            logs.Floats[(2 * i) + 1] = Log((i % ((2 * w) - 1)) - w + 1);
        }

        var inner = s.Graph.Constant(logs).Dense(s["fc1"], hidden, initial: s_position).Relu().Dropout(PositionDrop);
        return inner.Dense(s["fc2"], heads, initial: s_position);

        static float Log(int position) => MathF.CopySign(MathF.Log(1 + Math.Abs(position)), position);
    }

    private static Value FeedForward(Scope s, Value x)
    {
        var (width, inner) = (x.Shape.C, Expansion * x.Shape.C);
        return Pointwise(s["fc2"], Pointwise(s["fc1"], x, inner, s_tiny).Gelu(), width, s_tiny);
    }

    private static Value Scaled(Scope s, Value x, CoAtNetPlan plan) => plan.LayerScale is { } start
        ? x.Times(s.Parameter("gamma", new Shape(x.Shape.C), new Initializer.Fill(start)).Reshape(new Shape(1, x.Shape.C, 1, 1)))
        : x;

    /// <summary>Half the image, by <see cref="Pool"/>, and as many channels as wanted.</summary>
    private static Value Halve(Scope s, Value x, int width, bool maxima, bool bias, Initializer initial)
    {
        if (!maxima && x.Shape.H < 2) throw new ShapeException($"{s.Path} (avg_pool): x {x.Shape} cannot be halved; wanted at least 2 pixels");
        var y = Pool(x, maxima);
        return y.Shape.C == width ? y : y.Conv(s["expand"], width, kernel: 1, bias: bias, initial: initial);
    }

    private static Value Pool(Value x, bool maxima) => maxima ? x.MaxPool(kernel: 3, stride: 2, padding: 1) : x.AvgPool(kernel: 2, stride: 2);

    private static Value Pointwise(Scope s, Value x, int width, Initializer? bias = null) =>
        x.Conv(s, width, kernel: 1, initial: Initializer.XavierUniform).PlusChannels(s.Parameter("bias", new Shape(width), bias ?? Initializer.Zeros));
}
