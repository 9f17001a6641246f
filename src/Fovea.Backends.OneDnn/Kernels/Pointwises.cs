using Fovea.Backends.OneDnn.Interop;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Which eltwise post-op of a primitive computes a pointwise function.</summary>
internal static class Pointwises
{
    /// <summary>The primitive's kind and its α and β, or null where there is none.</summary>
    internal static (EltwiseKind Kind, float Alpha, float Beta)? Eltwise(Pointwise op) => op switch
    {
        Relu => (EltwiseKind.Relu, 0, 0),
        Affine affine => (EltwiseKind.Linear, (float)affine.Alpha, (float)affine.Beta),
        Sigmoid => (EltwiseKind.Logistic, 0, 0),
        Tanh => (EltwiseKind.Tanh, 0, 0),
        Exp => (EltwiseKind.Exp, 0, 0),
        Log => (EltwiseKind.Log, 0, 0),
        Square => (EltwiseKind.Square, 0, 0),
        Sqrt => (EltwiseKind.Sqrt, 0, 0),
        Reciprocal => (EltwiseKind.Pow, 1, -1),
        ReciprocalSqrt => (EltwiseKind.Pow, 1, -0.5f),
        Silu => (EltwiseKind.Swish, 1, 0),
        HardSwish => (EltwiseKind.Hardswish, 0, 0),
        Gelu => (EltwiseKind.GeluErf, 0, 0),
        GeluTanh => (EltwiseKind.GeluTanh, 0, 0),
        Mish => (EltwiseKind.Mish, 0, 0),
        LeakyRelu leaky => (EltwiseKind.Relu, (float)leaky.Slope, 0),
        Clip clip => (EltwiseKind.Clip, (float)clip.Low, (float)clip.High),
        _ => null,
    };
}
