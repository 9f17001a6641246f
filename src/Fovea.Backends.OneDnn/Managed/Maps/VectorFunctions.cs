using Fovea.Backends.OneDnn.Fusion;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>Which vector function computes an operation of one or two numbers.</summary>
internal static class VectorFunctions
{
    /// <summary>Whether there is a function.</summary>
    internal static bool Has(Op op) => Visit(op, default(Nothing));

    /// <summary>What is made with the function of an operation, a type and two constants; null or false where there is none.</summary>
    internal static TResult? Visit<TResult>(Op op, IFunctionUse<TResult> use) => op switch
    {
        Pointwise function => OfOne(function, use),
        PointwiseGradient gradient => Gradient(gradient.Of, use),
        Add => use.With<Arithmetic.Add>(),
        Blend blend => use.With<Arithmetic.Blend>(blend.Alpha, blend.Beta),
        Subtract => use.With<Arithmetic.Subtract>(),
        Multiply or ScaleImages => use.With<Arithmetic.Multiply>(),
        Divide => use.With<Arithmetic.Divide>(),
        Maximum => use.With<Arithmetic.Maximum>(),
        Minimum => use.With<Arithmetic.Minimum>(),
        GreaterOrEqual => use.With<Arithmetic.GreaterOrEqual>(),
        Cast { DType: DType.BFloat16 } => use.With<Functions.Rounded>(),
        Cast or Broadcast => use.With<Functions.Same>(),
        AvgPoolGradient pool => use.With<Functions.Affine>(1.0 / (pool.KernelH * (double)pool.KernelW)),
        _ => default,
    };

    private static TResult? OfOne<TResult>(Pointwise function, IFunctionUse<TResult> use) => function switch
    {
        Affine affine => use.With<Functions.Affine>(affine.Alpha, affine.Beta),
        Relu => use.With<Functions.Relu>(),
        Round => use.With<Functions.Round>(),
        Clip clip => use.With<Functions.Clip>(clip.Low, clip.High),
        ClipFactor clip => use.With<Functions.ClipFactor>(clip.Max),
        Exp => use.With<Functions.Exp>(),
        Log => use.With<Functions.Log>(),
        Reciprocal => use.With<Functions.Reciprocal>(),
        ReciprocalSqrt => use.With<Functions.ReciprocalSqrt>(),
        Sqrt => use.With<Functions.Sqrt>(),
        Square => use.With<Functions.Square>(),
        Sigmoid => use.With<Functions.Sigmoid>(),
        Tanh => use.With<Functions.Tanh>(),
        Silu => use.With<Functions.Silu>(),
        HardSigmoid => use.With<Functions.HardSigmoid>(),
        HardSwish => use.With<Functions.HardSwish>(),
        LeakyRelu leaky => use.With<Functions.LeakyRelu>(leaky.Slope),
        Gelu => use.With<Functions.Gelu>(),
        GeluTanh => use.With<Functions.GeluTanh>(),
        Mish => use.With<Functions.Mish>(),
        Softplus => use.With<Functions.Softplus>(),
        Erf => use.With<Functions.Erf>(),
        _ => default,
    };

    private static TResult? Gradient<TResult>(Pointwise function, IFunctionUse<TResult> use) => function switch
    {
        Round => use.With<Derivatives.Affine>(1),
        Affine affine => use.With<Derivatives.Affine>(affine.Alpha),
        Relu => use.With<Derivatives.ReluOfResult>(),
        Clip clip => use.With<Derivatives.ClipOfResult>(clip.Low, clip.High),
        ClipFactor clip => use.With<Derivatives.ClipFactor>(clip.Max),
        Exp => use.With<Derivatives.ExpOfResult>(),
        Log => use.With<Derivatives.Log>(),
        Reciprocal => use.With<Derivatives.ReciprocalOfResult>(),
        ReciprocalSqrt => use.With<Derivatives.ReciprocalSqrtOfResult>(),
        Sqrt => use.With<Derivatives.SqrtOfResult>(),
        Square => use.With<Derivatives.Square>(),
        Sigmoid => use.With<Derivatives.SigmoidOfResult>(),
        Tanh => use.With<Derivatives.TanhOfResult>(),
        Silu => use.With<Derivatives.Silu>(),
        HardSigmoid => use.With<Derivatives.HardSigmoidOfResult>(),
        HardSwish => use.With<Derivatives.HardSwish>(),
        LeakyRelu leaky => use.With<Derivatives.LeakyRelu>(leaky.Slope),
        Gelu => use.With<Derivatives.Gelu>(),
        GeluTanh => use.With<Derivatives.GeluTanh>(),
        Mish => use.With<Derivatives.Mish>(),
        Softplus => use.With<Derivatives.Softplus>(),
        Erf => use.With<Derivatives.Erf>(),
        _ => default,
    };

    private readonly struct Nothing : IFunctionUse<bool>
    {
        public bool With<TFunction>(double p, double q)
            where TFunction : struct, IVectorFunction => true;
    }
}

/// <summary>What makes something with a function whose type is known at run time only: as a rule a loop that the function is compiled into.</summary>
internal interface IFunctionUse<out TResult>
{
    TResult With<TFunction>(double p = 0, double q = 0)
        where TFunction : struct, IVectorFunction;
}
