using Fovea.Backends.OneDnn.Fusion;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>Which block function computes an operation of one or two numbers.</summary>
internal static class BlockFunctions
{
    /// <summary>The function, or null where there is none.</summary>
    internal static BlockFunction? Find(Op op) => op switch
    {
        Pointwise function => OfOne(function),
        PointwiseGradient gradient => Gradient(gradient.Of),
        Add => BlockFunction.Of<Arithmetic.Add>(),
        Subtract => BlockFunction.Of<Arithmetic.Subtract>(),
        Multiply or ScaleImages => BlockFunction.Of<Arithmetic.Multiply>(),
        Divide => BlockFunction.Of<Arithmetic.Divide>(),
        Maximum => BlockFunction.Of<Arithmetic.Maximum>(),
        Minimum => BlockFunction.Of<Arithmetic.Minimum>(),
        GreaterOrEqual => BlockFunction.Of<Arithmetic.GreaterOrEqual>(),
        Cast or Broadcast => BlockFunction.Of<Functions.Same>(),
        AvgPoolGradient pool => BlockFunction.Of<Functions.Affine>(1.0 / (pool.KernelH * (double)pool.KernelW)),
        _ => null,
    };

    private static BlockFunction? OfOne(Pointwise function) => function switch
    {
        Affine affine => BlockFunction.Of<Functions.Affine>(affine.Alpha, affine.Beta),
        Relu => BlockFunction.Of<Functions.Relu>(),
        Clip clip => BlockFunction.Of<Functions.Clip>(clip.Low, clip.High),
        ClipFactor clip => BlockFunction.Of<Functions.ClipFactor>(clip.Max),
        Exp => BlockFunction.Of<Functions.Exp>(),
        Log => BlockFunction.Of<Functions.Log>(),
        Reciprocal => BlockFunction.Of<Functions.Reciprocal>(),
        ReciprocalSqrt => BlockFunction.Of<Functions.ReciprocalSqrt>(),
        Sqrt => BlockFunction.Of<Functions.Sqrt>(),
        Square => BlockFunction.Of<Functions.Square>(),
        Sigmoid => BlockFunction.Of<Functions.Sigmoid>(),
        Tanh => BlockFunction.Of<Functions.Tanh>(),
        Silu => BlockFunction.Of<Functions.Silu>(),
        HardSigmoid => BlockFunction.Of<Functions.HardSigmoid>(),
        HardSwish => BlockFunction.Of<Functions.HardSwish>(),
        LeakyRelu leaky => BlockFunction.Of<Functions.LeakyRelu>(leaky.Slope),
        Gelu => BlockFunction.Of<Functions.Gelu>(),
        GeluTanh => BlockFunction.Of<Functions.GeluTanh>(),
        Mish => BlockFunction.Of<Functions.Mish>(),
        Softplus => BlockFunction.Of<Functions.Softplus>(),
        Erf => BlockFunction.Of<Functions.Erf>(),
        _ => null,
    };

    private static BlockFunction? Gradient(Pointwise function) => function switch
    {
        Affine affine => BlockFunction.Of<Derivatives.Affine>(affine.Alpha),
        Relu => BlockFunction.Of<Derivatives.ReluOfResult>(),
        Clip clip => BlockFunction.Of<Derivatives.ClipOfResult>(clip.Low, clip.High),
        ClipFactor clip => BlockFunction.Of<Derivatives.ClipFactor>(clip.Max),
        Exp => BlockFunction.Of<Derivatives.ExpOfResult>(),
        Log => BlockFunction.Of<Derivatives.Log>(),
        Reciprocal => BlockFunction.Of<Derivatives.ReciprocalOfResult>(),
        ReciprocalSqrt => BlockFunction.Of<Derivatives.ReciprocalSqrtOfResult>(),
        Sqrt => BlockFunction.Of<Derivatives.SqrtOfResult>(),
        Square => BlockFunction.Of<Derivatives.Square>(),
        Sigmoid => BlockFunction.Of<Derivatives.SigmoidOfResult>(),
        Tanh => BlockFunction.Of<Derivatives.TanhOfResult>(),
        Silu => BlockFunction.Of<Derivatives.Silu>(),
        HardSigmoid => BlockFunction.Of<Derivatives.HardSigmoidOfResult>(),
        HardSwish => BlockFunction.Of<Derivatives.HardSwish>(),
        LeakyRelu leaky => BlockFunction.Of<Derivatives.LeakyRelu>(leaky.Slope),
        Gelu => BlockFunction.Of<Derivatives.Gelu>(),
        GeluTanh => BlockFunction.Of<Derivatives.GeluTanh>(),
        Mish => BlockFunction.Of<Derivatives.Mish>(),
        Softplus => BlockFunction.Of<Derivatives.Softplus>(),
        Erf => BlockFunction.Of<Derivatives.Erf>(),
        _ => null,
    };
}
