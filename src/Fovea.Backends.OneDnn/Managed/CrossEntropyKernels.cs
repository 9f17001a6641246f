using Fovea.Backends.OneDnn.Planning;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Softmax cross-entropy of rows of logits against class numbers or class weights; reads logits, target; writes a loss per row.</summary>
internal sealed class CrossEntropy(CrossEntropyTarget target) : Kernel
{
    internal override string Name => "fovea:cross_entropy";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var loss = Elements.Floats(at[2], target.Rows);
        for (var n = 0; n < target.Rows; n++)
        {
            var z = target.Row(at[0], n);
            var (log, sum) = (LogSumExp(z), 0.0);
            for (var c = 0; c < z.Length; c++)
                if (target.At(at[1], n, c) is var t and not 0) sum += t * (log - z[c]);
            loss[n] = (float)sum;
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
}

/// <summary>The gradient of <see cref="CrossEntropy"/> by the logits; reads logits, target, the gradient of each row's loss.</summary>
internal sealed class CrossEntropyGradient(CrossEntropyTarget target) : Kernel
{
    internal override string Name => "fovea:cross_entropy";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var dloss = Elements.Floats(at[2], target.Rows);
        for (var n = 0; n < target.Rows; n++)
        {
            var z = target.Row(at[0], n);
            var dz = target.Row(at[3], n);
            var (log, mass) = (CrossEntropy.LogSumExp(z), 0.0);
            for (var c = 0; c < z.Length; c++) mass += target.At(at[1], n, c);
            for (var c = 0; c < z.Length; c++) dz[c] = (float)(dloss[n] * ((mass * Math.Exp(z[c] - log)) - target.At(at[1], n, c)));
        }
    }
}

/// <summary>Rows of classes and the smoothed target of each; a class number outside of the classes makes a row of zeros.</summary>
internal sealed class CrossEntropyTarget(int rows, int classes, double smoothing, bool soft)
{
    internal int Rows => rows;

    internal Span<float> Row(nint at, int n) => Elements.Floats(at, (long)rows * classes).Slice(n * classes, classes);

    internal double At(nint target, int n, int c)
    {
        if (soft) return ((1 - smoothing) * Row(target, n)[c]) + (smoothing / classes);
        var label = Elements.Ints(target, rows)[n];
        return label < 0 || label >= classes ? 0 : ((1 - smoothing) * (label == c ? 1 : 0)) + (smoothing / classes);
    }
}
