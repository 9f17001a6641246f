using Fovea.Ops;

namespace Fovea.Conformance.Ops;

/// <summary>Functions of one number and their gradients.</summary>
public static class PointwiseCases
{
    /// <summary>Every function with the arguments that it is defined and smooth for.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Function("relu", new Relu(), -1, 1, avoid: 0, Tolerance.Exact),
        .. Function("affine", new Affine(-1.5, 0.25), -2, 2),
        .. Function("clip", new Clip(0, 6), -3, 9, avoid: 0, Tolerance.Exact, avoid2: 6),
        .. Function("clip_factor", new ClipFactor(1.25), 0.1, 9, avoid: 1.5625, Tolerance.Function),
        .. Function("square", new Square(), -2, 2),
        .. Function("reciprocal", new Reciprocal(), 0.5, 3),
        .. Function("sqrt", new Sqrt(), 0.1, 4, tolerance: Tolerance.Function),
        .. Function("reciprocal_sqrt", new ReciprocalSqrt(), 0.2, 4, tolerance: Tolerance.Function),
        .. Function("exp", new Exp(), -4, 3, tolerance: Tolerance.Function),
        .. Function("log", new Log(), 0.2, 5, tolerance: Tolerance.Function),
        .. Function("sigmoid", new Sigmoid(), -6, 6, tolerance: Tolerance.Function),
        .. Function("tanh", new Tanh(), -3, 3, tolerance: Tolerance.Function),
        .. Function("softplus", new Softplus(), -6, 6, tolerance: Tolerance.Function),
        .. Function("erf", new Erf(), -4, 4, tolerance: Tolerance.Function),
        .. Function("silu", new Silu(), -8, 8, tolerance: Tolerance.Function),
        .. Function("hard_sigmoid", new HardSigmoid(), -5, 5, avoid: -3, Tolerance.Function, avoid2: 3),
        .. Function("hard_swish", new HardSwish(), -5, 5, avoid: -3, Tolerance.Function, avoid2: 3),
        .. Function("gelu", new Gelu(), -6, 6, tolerance: Tolerance.Function),
        .. Function("gelu_tanh", new GeluTanh(), -2.5, 6, tolerance: Tolerance.Function),
        .. Function("mish", new Mish(), -8, 8, tolerance: Tolerance.Function),
        .. Function("leaky_relu", new LeakyRelu(0.1), -2, 2, avoid: 0),
        .. new[] { "2x3x5x7", "scalar" }.Select(shape => new OpCase(
            $"round/{shape}", new Round(), Tolerance.Exact, (shape == "scalar" ? OpInput.Of() : OpInput.Of(2, 3, 5, 7)).Between(-9, 9)) { DifferentiableResults = 0 }),
        new("round/ties", new Round(), Tolerance.Exact, OpInput.Of(5, 9).OnGrid(0)) { DifferentiableResults = 0 },
        new("round_gradient/2x3x5x7", new PointwiseGradient(new Round()), Tolerance.Exact, OpInput.Of(2, 3, 5, 7), OpInput.Of(2, 3, 5, 7))
        {
            NotDifferentiable = "second derivatives are not defined",
        },
        new("leaky_relu/negative_slope", new LeakyRelu(-0.5), Tolerance.Rounding, OpInput.Of(3, 7).Between(-2, 2, avoid: 0)),
        new("silu/far", new Silu(), Tolerance.Function, OpInput.Of(5, 9).Between(-120, 120)),
        new("mish/far", new Mish(), Tolerance.Function, OpInput.Of(5, 9).Between(-120, 120)),
        new("gelu/far", new Gelu(), Tolerance.Function, OpInput.Of(5, 9).Between(-30, 30)),
        new("relu/kink", new Relu(), Tolerance.Exact, OpInput.Of(4, 4).OnGrid(0)) { NotDifferentiable = null, DifferentiableResults = 0 },
        new("relu/resnet18", new Relu(), Tolerance.Exact, OpInput.Of(8, 64, 56, 56).Between(-1, 1, avoid: 0)) { RealSize = true },
        new("relu_gradient/resnet18", new PointwiseGradient(new Relu()), Tolerance.Exact, OpInput.Of(8, 64, 56, 56), OpInput.Of(8, 64, 56, 56))
        {
            NotDifferentiable = "second derivatives are not defined",
            RealSize = true,
        },
        Real("silu", new Silu(), 8), Real("gelu", new Gelu(), 6), Real("mish", new Mish(), 8), Real("sigmoid", new Sigmoid(), 6),
        Real("hard_swish", new HardSwish(), 5, -3, 3), Real("clip", new Clip(0, 6), 8, 0, 6), Real("leaky_relu", new LeakyRelu(0.1), 2, 0),
    ];

    private static OpCase Real(string name, Pointwise function, double bound, double avoid = double.NaN, double avoid2 = double.NaN) =>
        new($"{name}/mixnet", function, Tolerance.Function, OpInput.Of(16, 144, 14, 14).Between(-bound, bound, avoid, avoid2)) { RealSize = true };

    private static IEnumerable<OpCase> Function(
        string name, Pointwise function, double low, double high, double avoid = double.NaN, Tolerance? tolerance = null, double avoid2 = double.NaN)
    {
        int[][] shapes = [[2, 3, 5, 7], [1, 1, 1, 1], [37], []];
        foreach (var shape in shapes)
            yield return new($"{name}/{Label(shape)}", function, tolerance ?? Tolerance.Rounding, OpInput.Of(shape).Between(low, high, avoid, avoid2));
        foreach (var shape in shapes[..2])
        {
            // Where the derivative takes the result, the argument of the gradient is a result.
            var x = OpInput.Of(shape).Between(low, high, avoid, avoid2);
            if (function.DerivativeOfResult) x = x with { Fill = new ResultOf(function, x.Fill) };
            yield return new($"{name}_gradient/{Label(shape)}", new PointwiseGradient(function), tolerance ?? Tolerance.Rounding, x, OpInput.Of(shape))
            {
                NotDifferentiable = "second derivatives are not defined",
            };
        }
    }

    private static string Label(int[] shape) => shape.Length == 0 ? "scalar" : string.Join('x', shape);

    private sealed record ResultOf(Pointwise Function, Fill Argument) : Fill
    {
        public override double Element(Tensors.Philox draws, int index, int count) => Function.Function(Argument.Element(draws, index, count));
    }
}
