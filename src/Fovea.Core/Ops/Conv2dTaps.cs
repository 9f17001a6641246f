using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>What the convolution and its two gradients share: which elements meet.</summary>
internal static class Conv2dTaps
{
    /// <summary>A run of elements along a row of the output that meet one weight.</summary>
    /// <param name="x">Offset of the first image element; the next is <paramref name="step"/> further.</param>
    /// <param name="step">The horizontal stride.</param>
    /// <param name="w">Offset of the weight.</param>
    /// <param name="y">Offset of the first output element; the next is 1 further.</param>
    /// <param name="count">How many meet.</param>
    internal delegate void Run(int x, int step, int w, int y, int count);

    /// <summary>Visits every triple of an image, a weight and an output element that meet, as offsets into row-major tensors.</summary>
    internal static void Walk(Window2d window, int groups, Shape x, Shape w, Run visit)
    {
        var (oh, ow) = (window.OutputHeight(x.H, w.H), window.OutputWidth(x.W, w.W));
        var (k1, c1) = (w.N / groups, w.C);
        for (var n = 0; n < x.N; n++)
            for (var k = 0; k < w.N; k++)
                for (var c = 0; c < c1; c++)
                {
                    var plane = ((n * x.C) + (k / k1 * c1) + c) * x.H * x.W;
                    var kernel = ((k * c1) + c) * w.H * w.W;
                    var result = ((n * w.N) + k) * oh * ow;
                    WalkPlane(window, x, w, (oh, ow), (plane, kernel, result), visit);
                }
    }

    internal static void CheckGradient(Op op, Window2d window, int groups, Shape x, Shape w, Shape dy)
    {
        Check.That(x.Rank == 4 && w.Rank == 4 && dy.Rank == 4, op, $"x {x}, w {w} and dy {dy}; wanted four axes each");
        CheckOperands(op, window, groups, x, w);
        var wanted = new Shape(x.N, w.N, window.OutputHeight(x.H, w.H), window.OutputWidth(x.W, w.W));
        Check.That(dy == wanted, op, $"dy is {dy}; x {x} and w {w} want {wanted}");
        Check.Work(dy.Elements, Conv2d.Taps(w), op);
    }

    /// <summary>Checks the window, and that the channels of an image and of a weight fit the groups.</summary>
    internal static void CheckOperands(Op op, Window2d window, int groups, Shape x, Shape w)
    {
        window.Validate(op, x, w.H, w.W);
        Check.That(groups > 0, op, $"groups {groups}; wanted at least 1");
        Check.That(x.C == (long)w.C * groups, op, $"x {x} has {x.C} channels; w {w} with groups {groups} wants {(long)w.C * groups}");
        Check.That(w.N % groups == 0, op, $"{w.N} output channels do not split into {groups} groups");
    }

    internal static void CheckTypes(Op op, ReadOnlySpan<TensorType> operands) => Check.That(
        operands[0].DType == operands[1].DType && operands[0].DType.IsFloat, op,
        $"operands are {operands[0]} and {operands[1]}; wanted fractions of the same type (cast one)");

    private static void WalkPlane(Window2d window, Shape x, Shape w, (int H, int W) y, (int X, int W, int Y) at, Run visit)
    {
        for (var r = 0; r < w.H; r++)
            for (var s = 0; s < w.W; s++)
            {
                // Column q meets image column q·stride + shift, which must lie in [0, W).
                var shift = (s * window.DilationW) - window.Left;
                var first = shift >= 0 ? 0 : (-shift + window.StrideW - 1) / window.StrideW;
                var last = x.W - 1 - shift < 0 ? -1 : Math.Min(y.W - 1, (x.W - 1 - shift) / window.StrideW);
                if (first > last) continue;
                for (var p = 0; p < y.H; p++)
                {
                    var i = (p * window.StrideH) - window.Top + (r * window.DilationH);
                    if (i < 0 || i >= x.H) continue;
                    var image = at.X + (i * x.W) + (first * window.StrideW) + shift;
                    visit(image, window.StrideW, at.W + (r * w.W) + s, at.Y + (p * y.W) + first, last - first + 1);
                }
            }
    }
}
