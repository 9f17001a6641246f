using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Conformance;

/// <summary>Sums of products in <see langword="double"/>, one element of the result at a time: for sizes at which all of them take too long.</summary>
/// <remarks>Written by the definition of each element, where the interpreter adds up what each input contributes: each judges the other.</remarks>
public static class SampledOracle
{
    private const int Samples = 600;

    /// <summary>Whether there is one for an operation.</summary>
    public static bool Has(Op op) => op is Conv2d or Conv2dInputGradient or Conv2dWeightGradient or MatMul;

    /// <summary>The places at which a result is compared: all, or the first, the last and others between them, the same in every run.</summary>
    public static IReadOnlyList<int> Places(int elements) => elements <= Samples
        ? [.. Enumerable.Range(0, elements)]
        : [0, elements - 1, .. Enumerable.Range(0, Samples).Select(i => new Philox(0x53616D70, (ulong)elements).Integer((ulong)i, elements))];

    /// <summary>The elements of the result of an operation that has an oracle of this kind.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="inputs">Its two inputs.</param>
    /// <param name="result">The shape of the result.</param>
    /// <param name="places">Positions in row-major order.</param>
    public static OracleTensor At(Op op, IReadOnlyList<OracleTensor> inputs, Shape result, IReadOnlyList<int> places)
    {
        Func<int[], double> element = op switch
        {
            Conv2d conv => at => Forward(conv, inputs[0], inputs[1], at),
            Conv2dInputGradient conv => at => InputGradient(conv, inputs[0], inputs[1], at),
            Conv2dWeightGradient conv => at => WeightGradient(conv, inputs[0], inputs[1], at),
            MatMul product => at => Product(product, inputs[0], inputs[1], at),
            _ => throw new ArgumentException($"{op.Name} has no sampled oracle"),
        };
        return new OracleTensor(new Shape(places.Count), [.. places.Select(place => element(Coordinates(result, place)))]);
    }

    private static double Forward(Conv2d op, OracleTensor x, OracleTensor w, int[] y)
    {
        var (window, sum) = (op.Window, 0.0);
        var firstChannel = y[1] / (w.Shape.N / op.Groups) * w.Shape.C;
        for (var c = 0; c < w.Shape.C; c++)
            for (var r = 0; r < w.Shape.H; r++)
                for (var s = 0; s < w.Shape.W; s++)
                {
                    var i = (y[2] * window.StrideH) - window.Top + (r * window.DilationH);
                    var j = (y[3] * window.StrideW) - window.Left + (s * window.DilationW);
                    if (i >= 0 && i < x.Shape.H && j >= 0 && j < x.Shape.W) sum += At(x, y[0], firstChannel + c, i, j) * At(w, y[1], c, r, s);
                }

        return sum;
    }

    private static double InputGradient(Conv2dInputGradient op, OracleTensor dy, OracleTensor w, int[] x)
    {
        var (window, sum, kernels) = (op.Window, 0.0, w.Shape.N / op.Groups);
        var (group, c) = (x[1] / w.Shape.C, x[1] % w.Shape.C);
        for (var k = group * kernels; k < (group + 1) * kernels; k++)
            for (var r = 0; r < w.Shape.H; r++)
                for (var s = 0; s < w.Shape.W; s++)
                {
                    var (top, left) = (x[2] + window.Top - (r * window.DilationH), x[3] + window.Left - (s * window.DilationW));
                    if (top < 0 || left < 0 || top % window.StrideH != 0 || left % window.StrideW != 0) continue;
                    var (p, q) = (top / window.StrideH, left / window.StrideW);
                    if (p < dy.Shape.H && q < dy.Shape.W) sum += At(dy, x[0], k, p, q) * At(w, k, c, r, s);
                }

        return sum;
    }

    private static double WeightGradient(Conv2dWeightGradient op, OracleTensor dy, OracleTensor x, int[] w)
    {
        var (window, sum) = (op.Window, 0.0);
        var channel = (w[0] / (op.Weight.N / op.Groups) * op.Weight.C) + w[1];
        for (var n = 0; n < dy.Shape.N; n++)
            for (var p = 0; p < dy.Shape.H; p++)
            {
                var i = (p * window.StrideH) - window.Top + (w[2] * window.DilationH);
                if (i < 0 || i >= x.Shape.H) continue;
                for (var q = 0; q < dy.Shape.W; q++)
                {
                    var j = (q * window.StrideW) - window.Left + (w[3] * window.DilationW);
                    if (j >= 0 && j < x.Shape.W) sum += At(dy, n, w[0], p, q) * At(x, n, channel, i, j);
                }
            }

        return sum;
    }

    private static double Product(MatMul op, OracleTensor a, OracleTensor b, int[] y)
    {
        var (rows, columns, sum) = (y.Length - 2, y.Length - 1, 0.0);
        var terms = a.Shape[op.TransposeA ? rows : columns];
        var (left, right) = ((int[])[.. y], (int[])[.. y]);
        for (var l = 0; l < terms; l++)
        {
            (left[rows], left[columns]) = op.TransposeA ? (l, y[rows]) : (y[rows], l);
            (right[rows], right[columns]) = op.TransposeB ? (y[columns], l) : (l, y[columns]);
            sum += At(a, left) * At(b, right);
        }

        return sum;
    }

    private static double At(OracleTensor x, params ReadOnlySpan<int> at)
    {
        var place = 0;
        for (var axis = 0; axis < at.Length; axis++) place = (place * x.Shape[axis]) + at[axis];
        return x[place];
    }

    private static int[] Coordinates(Shape shape, int place)
    {
        var at = new int[shape.Rank];
        for (var axis = shape.Rank - 1; axis >= 0; axis--) (place, at[axis]) = (place / shape[axis], place % shape[axis]);
        return at;
    }
}
