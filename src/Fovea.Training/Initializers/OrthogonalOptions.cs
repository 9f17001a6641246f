using System.Runtime.Intrinsics;
using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Initializers;

/// <summary>
/// Saxe et al. 2014, arXiv:1312.6120: rows of outputs at right angles to each other, each of the length gain, or columns where there are more outputs than
/// inputs; drawn evenly from all such matrices. PyTorch: <c>orthogonal_</c>.
/// </summary>
public sealed record OrthogonalOptions : WeightInitOptions
{
    /// <inheritdoc/>
    public override string Kind => "orthogonal";

    /// <summary>The gain; above 0, at most 1000. Default 1.</summary>
    public double Gain { get; init; } = 1;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Gain, 1000);
    }

    /// <inheritdoc/>
    protected override void Fill(InitWeight weight, Philox draws, Span<float> values)
    {
        var (outputs, inputs) = (weight.Outputs, values.Length / weight.Outputs);
        var (count, length) = (Math.Min(outputs, inputs), Math.Max(outputs, inputs));
        var lines = new double[count][];
        for (var i = 0; i < count; i++)
        {
            lines[i] = new double[length];
            for (var j = 0; j < length; j++) lines[i][j] = draws.Normal(((ulong)i * (ulong)length) + (ulong)j);
        }

        Orthonormalise(lines);
        // Numbers before the axis of outputs stand apart from those behind it.
        var inner = 1;
        for (var axis = weight.OutputAxis + 1; axis < weight.Variable.Type.Shape.Rank; axis++) inner *= weight.Variable.Type.Shape[axis];
        for (var at = 0; at < values.Length; at++)
        {
            var (output, input) = (at / inner % outputs, (at / inner / outputs * inner) + (at % inner));
            values[at] = (float)(Gain * (outputs <= inputs ? lines[output][input] : lines[input][output]));
        }
    }

    /// <summary>Gram and Schmidt's way, twice for each line, which leaves only rounding. Of normal lines the result is evenly distributed.</summary>
    private static void Orthonormalise(double[][] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            for (var round = 0; round < 2; round++)
                for (var j = 0; j < i; j++) Subtract(lines[i], Dot(lines[i], lines[j]), lines[j]);
            var length = Math.Sqrt(Dot(lines[i], lines[i]));
            for (var k = 0; k < lines[i].Length; k++) lines[i][k] /= length;
        }
    }

    /// <summary>In four sums on every processor, so that the numbers are the same everywhere.</summary>
    private static double Dot(double[] a, double[] b)
    {
        var sums = Vector256<double>.Zero;
        var i = 0;
        for (; i + Vector256<double>.Count <= a.Length; i += Vector256<double>.Count) sums += Vector256.Create(a, i) * Vector256.Create(b, i);
        var sum = Vector256.Sum(sums);
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void Subtract(double[] a, double factor, double[] b)
    {
        var (factors, i) = (Vector256.Create(factor), 0);
        for (; i + Vector256<double>.Count <= a.Length; i += Vector256<double>.Count)
            (Vector256.Create(a, i) - (factors * Vector256.Create(b, i))).CopyTo(a, i);
        for (; i < a.Length; i++) a[i] -= factor * b[i];
    }
}
