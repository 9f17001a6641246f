using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary>A function between layers, as a composition of operations (Darknet: <c>activations.h</c>).</summary>
/// <param name="Name">Its name in a cfg.</param>
/// <param name="Of">The function of [N, C, H, W].</param>
public sealed record DarknetActivation(string Name, Func<Value, Value> Of)
{
    /// <summary>Added to the sums that channels are divided by.</summary>
    private const double NormEpsilon = 1e-4;

    /// <summary>Whether it makes shares of the channels of a pixel; weights of convolutions before it begin with 1.</summary>
    public bool SharesChannels { get; private init; }

    /// <summary>All that Darknet knows.</summary>
    public static IReadOnlyList<DarknetActivation> All { get; } =
    [
        new("logistic", x => x.Sigmoid()),
        new("swish", x => x.Silu()),
        new("mish", x => x.Mish()),
        new("hard_mish", HardMish),
        new("normalize_channels", x => Normalised(x.Relu())) { SharesChannels = true },
        new("normalize_channels_softmax", x => Normalised(x.Exp())) { SharesChannels = true },
        new("normalize_channels_softmax_maxval", x => Normalised(x.Minus(PerPixel(x.Max(1))).Exp())) { SharesChannels = true },
        new("loggy", x => x.Sigmoid().Affine(2, -1)),
        new("relu", x => x.Relu()),
        new("relu6", x => x.Relu6()),
        new("elu", x => Exponential(x, scale: 1, alpha: 1)),
        new("selu", x => Exponential(x, scale: 1.0507, alpha: 1.6732)),
        new("gelu", x => x.GeluTanh()),
        new("relie", x => x.LeakyRelu(0.01)),
        new("plse", x => Bent(x, x.Clip(-4, 4), slope: 0.125, offset: 0.5, outside: 0.01)),
        new("hardtan", x => x.Clip(-1, 1)),
        new("lhtan", x => Bent(x, x.Clip(0, 1), slope: 1, offset: 0, outside: 0.001)),
        new("linear", x => x),
        new("ramp", x => x.Relu().Plus(x.Times(0.1))),
        new("revleaky", x => x.LeakyRelu(0.1)),
        new("leaky", x => x.LeakyRelu(0.1)),
        new("tanh", x => x.Tanh()),
        new("stair", Stair),
    ];

    /// <summary>The activation of that name, or null.</summary>
    public static DarknetActivation? Find(string name) => All.FirstOrDefault(one => one.Name == name);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Two activations of one name are one.</summary>
    public bool Equals(DarknetActivation? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>0 up to −2, x²/2 + x up to 0, then x.</summary>
    private static Value HardMish(Value x)
    {
        var bent = x.Clip(-2, 0).Square().Affine(0.5, -2);
        return x.Plus(2).Relu().Plus(bent);
    }

    private static Value Exponential(Value x, double scale, double alpha)
    {
        var above = x.Relu();
        return above.Times(scale).Plus(x.Minus(above).Exp().Affine(scale * alpha, -scale * alpha));
    }

    /// <summary>A line within bounds, and flatter ones beyond.</summary>
    private static Value Bent(Value x, Value within, double slope, double offset, double outside) =>
        within.Affine(slope, offset).Plus(x.Minus(within).Times(outside));

    /// <summary>⌊x/2⌋ where ⌊x⌋ is even, and from there up to the next.</summary>
    private static Value Stair(Value x)
    {
        var (whole, half) = (Floor(x), Floor(x.Times(0.5)));
        var isOdd = whole.Minus(half.Times(2));
        return half.Plus(isOdd.Times(x.Minus(whole)));
    }

    /// <summary>⌊x⌋ of numbers that 32 bits hold: the nearest whole number, less 1 where that is above x.</summary>
    private static Value Floor(Value x)
    {
        var still = x.StopGradient();
        var nearest = still.Cast(DType.Int32).Cast(DType.Float32);
        return nearest.Plus(still.AtLeast(nearest)).Plus(-1);
    }

    private static Value Normalised(Value x) => x.Over(PerPixel(x.Sum(1)).Plus(NormEpsilon));

    private static Value PerPixel(Value x) => x.Reshape(new Shape(x.Shape[0], 1, x.Shape[1], x.Shape[2]));
}
