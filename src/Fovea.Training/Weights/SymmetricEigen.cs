namespace Fovea.Training.Weights;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations (Golub and Van Loan, Matrix Computations, section 8.5).</summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 60;

    /// <summary>Eigenvalues in descending order, with vectors of length 1 whose largest element is positive.</summary>
    internal static (double[] Values, double[][] Vectors) Of(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var a = (double[,])matrix.Clone();
        var v = new double[n, n];
        for (var i = 0; i < n; i++) v[i, i] = 1;
        for (var sweep = 0; sweep < MostSweeps && OffDiagonal(a) > 0; sweep++)
            for (var p = 0; p < n; p++)
                for (var q = p + 1; q < n; q++) Rotate(a, v, p, q);
        var order = Enumerable.Range(0, n).OrderByDescending(i => a[i, i]).ToArray();
        return ([.. order.Select(i => a[i, i])], [.. order.Select(i => Upright([.. Enumerable.Range(0, n).Select(row => v[row, i])]))]);
    }

    private static double OffDiagonal(double[,] a)
    {
        var (n, sum, trace) = (a.GetLength(0), 0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            trace += a[i, i] * a[i, i];
            for (var j = i + 1; j < n; j++) sum += a[i, j] * a[i, j];
        }

        return sum <= 1e-30 * trace ? 0 : sum;
    }

    /// <summary>The rotation in the plane (p, q) that makes a[p, q] zero.</summary>
    private static void Rotate(double[,] a, double[,] v, int p, int q)
    {
        if (a[p, q] == 0) return;
        var theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        var t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        var c = 1 / Math.Sqrt((t * t) + 1);
        var s = t * c;
        for (var k = 0; k < a.GetLength(0); k++) (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
        for (var k = 0; k < a.GetLength(0); k++)
        {
            (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
            (v[k, p], v[k, q]) = ((c * v[k, p]) - (s * v[k, q]), (s * v[k, p]) + (c * v[k, q]));
        }
    }

    private static double[] Upright(double[] vector)
    {
        var largest = vector.MaxBy(Math.Abs);
        return largest >= 0 ? vector : [.. vector.Select(x => -x)];
    }
}
