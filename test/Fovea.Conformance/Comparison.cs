using Fovea.Tensors;

namespace Fovea.Conformance;

/// <summary>Compares tensors.</summary>
public static class Comparison
{
    /// <summary>Throws unless |Δ| ≤ tolerance · (|wanted| + root mean square of all wanted), for every element.</summary>
    /// <param name="what">Where the tensors come from; begins the message.</param>
    /// <param name="wanted">What is right.</param>
    /// <param name="found">What is to be judged.</param>
    /// <param name="tolerance">0 wants equality.</param>
    /// <exception cref="ConformanceException">Shapes or elements differ.</exception>
    public static void Close(string what, OracleTensor wanted, OracleTensor found, double tolerance)
    {
        if (wanted.Shape != found.Shape) throw new ConformanceException($"{what}: the shape is {found.Shape}; wanted {wanted.Shape}");
        var scale = RootMeanSquare(wanted.Elements);
        var (worst, excess, bad) = (-1, 0.0, 0);
        for (var i = 0; i < wanted.Elements.Length; i++)
        {
            var (w, f) = (wanted[i], found[i]);
            if (w.Equals(f) || w == f) continue;
            var ratio = Math.Abs(w - f) / (Math.Abs(w) + scale);
            if (ratio <= tolerance) continue;
            bad++;
            if (worst >= 0 && !(ratio > excess) && !double.IsNaN(ratio)) continue;
            (worst, excess) = (i, ratio);
        }

        if (bad > 0)
            throw new ConformanceException(
                $"{what}: {bad} of {wanted.Elements.Length} elements differ by more than {tolerance:G3}; "
                + $"element {worst} is {found[worst]:G9}, wanted {wanted[worst]:G9} (relative {excess:G3})");
    }

    private static double RootMeanSquare(double[] elements) =>
        elements.Length == 0 ? 0 : Math.Sqrt(elements.Where(double.IsFinite).Sum(x => x * x) / elements.Length);
}
