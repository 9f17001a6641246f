using Fovea.Backends.OneDnn.Planning;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Softmax cross-entropy of rows of logits against class numbers or class probabilities; reads logits, target; writes a loss per row.</summary>
internal sealed class CrossEntropy(int rows, int classes, double smoothing, bool soft) : Kernel
{
    internal override string Name => "fovea:cross_entropy";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var loss = Elements.Floats(at[2], rows);
        for (var n = 0; n < rows; n++)
        {
            var z = Elements.Floats(at[0], (long)rows * classes).Slice(n * classes, classes);
            var logSum = LogSumExp(z);
            var (dot, sum) = (0.0, 0.0);
            var mass = 0.0;
            for (var c = 0; c < classes; c++)
            {
                var t = Target(at[1], n, c);
                mass += t;
                dot += t * z[c];
                sum += z[c];
            }

            loss[n] = (float)(((1 - smoothing) * ((mass * logSum) - dot)) + (smoothing * mass * (logSum - (sum / classes))));
        }
    }

    internal static double LogSumExp(ReadOnlySpan<float> z)
    {
        var max = float.NegativeInfinity;
        foreach (var x in z) max = Math.Max(max, x);
        var sum = 0.0;
        foreach (var x in z) sum += Math.Exp(x - (double)max);
        return max + Math.Log(sum);
    }

    private double Target(nint target, int row, int c) =>
        soft ? Elements.Floats(target, (long)rows * classes)[(row * classes) + c] : Elements.Ints(target, rows)[row] == c ? 1 : 0;
}

/// <summary>The gradient of <see cref="CrossEntropy"/> by the logits; reads logits, target, the gradient of each row's loss.</summary>
internal sealed class CrossEntropyGradient(int rows, int classes, double smoothing, bool soft) : Kernel
{
    internal override string Name => "fovea:cross_entropy";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var dloss = Elements.Floats(at[2], rows);
        var all = (long)rows * classes;
        for (var n = 0; n < rows; n++)
        {
            var z = Elements.Floats(at[0], all).Slice(n * classes, classes);
            var dz = Elements.Floats(at[3], all).Slice(n * classes, classes);
            var logSum = CrossEntropy.LogSumExp(z);
            var mass = 1.0;
            if (soft)
            {
                mass = 0;
                foreach (var t in Elements.Floats(at[1], all).Slice(n * classes, classes)) mass += t;
            }

            for (var c = 0; c < classes; c++)
            {
                var t = soft ? Elements.Floats(at[1], all)[(n * classes) + c] : Elements.Ints(at[1], rows)[n] == c ? 1 : 0;
                dz[c] = (float)(dloss[n] * ((mass * Math.Exp(z[c] - logSum)) - ((1 - smoothing) * t) - (smoothing * mass / classes)));
            }
        }
    }
}
