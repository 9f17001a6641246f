using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Models.Building;

/// <summary>The functions that models put between their layers.</summary>
public enum Activation
{
    /// <summary>x itself.</summary>
    None,

    /// <summary><see cref="Ops.Relu"/>.</summary>
    Relu,

    /// <summary>ReLU that ends at 6.</summary>
    Relu6,

    /// <summary><see cref="Ops.Silu"/>, also called swish.</summary>
    Silu,

    /// <summary><see cref="Ops.HardSwish"/>.</summary>
    HardSwish,

    /// <summary><see cref="Ops.HardSigmoid"/>.</summary>
    HardSigmoid,

    /// <summary><see cref="Ops.Sigmoid"/>.</summary>
    Sigmoid,

    /// <summary><see cref="Ops.Tanh"/>.</summary>
    Tanh,

    /// <summary><see cref="Ops.Gelu"/>.</summary>
    Gelu,

    /// <summary><see cref="Ops.GeluTanh"/>.</summary>
    GeluTanh,

    /// <summary><see cref="Ops.Mish"/>.</summary>
    Mish,
}

/// <summary>Applies activations.</summary>
public static class Activations
{
    /// <summary>The function of x that <paramref name="kind"/> names; leaky ReLU, which has a slope, is <c>x.LeakyRelu(slope)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none of the enumeration.</exception>
    public static Value Act(this Value x, Activation kind) => kind switch
    {
        Activation.None => x,
        Activation.Relu => x.Relu(),
        Activation.Relu6 => x.Relu6(),
        Activation.Silu => x.Silu(),
        Activation.HardSwish => x.HardSwish(),
        Activation.HardSigmoid => x.HardSigmoid(),
        Activation.Sigmoid => x.Sigmoid(),
        Activation.Tanh => x.Tanh(),
        Activation.Gelu => x.Gelu(),
        Activation.GeluTanh => x.GeluTanh(),
        Activation.Mish => x.Mish(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "wanted a kind of the enumeration"),
    };
}
