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
        new("relu/kink", new Relu(), Tolerance.Exact, OpInput.Of(4, 4).OnGrid(0)) { NotDifferentiable = null, DifferentiableResults = 0 },
        new("relu/resnet18", new Relu(), Tolerance.Exact, OpInput.Of(32, 64, 56, 56)) { ForSpeed = true },
        new("relu_gradient/resnet18", new PointwiseGradient(new Relu()), Tolerance.Exact, OpInput.Of(32, 64, 56, 56), OpInput.Of(32, 64, 56, 56))
        {
            NotDifferentiable = "second derivatives are not defined",
            ForSpeed = true,
        },
    ];

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
