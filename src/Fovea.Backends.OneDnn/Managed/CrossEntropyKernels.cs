using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Maps;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Softmax cross-entropy of rows of logits against class numbers or class weights; reads logits, target; writes a loss per row.</summary>
internal sealed class CrossEntropy(CrossEntropyTarget target) : Kernel
{
    private readonly float[] _exponentials = new float[target.Classes];

    internal override string Name => "fovea:cross_entropy";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var loss = Elements.Floats(at[2], target.Rows);
        for (var n = 0; n < target.Rows; n++)
        {
            var z = target.Row(at[0], n);
            var (max, total) = Exponentials(z, _exponentials);
            loss[n] = (float)target.Against(at[1], n, z, max + Math.Log(total));
        }
    }

    /// <summary>exp(z − max) of every class, their largest logit and their sum.</summary>
    internal static (float Max, double Sum) Exponentials(ReadOnlySpan<float> z, Span<float> y)
    {
        var max = VectorMath.Most(z);
        var (i, shift, sum) = (0, Vector512.Create(max), Vector512<double>.Zero);
        for (; i + 16 <= z.Length; i += 16)
        {
            var e = VectorMath.Exp(Vector512.Create(z[i..]) - shift);
            e.CopyTo(y[i..]);
            var (low, high) = Vector512.Widen(e);
            sum += low + high;
        }

        var total = Vector512.Sum(sum);
        for (; i < z.Length; i++)
        {
            y[i] = MathF.Exp(z[i] - max);
            total += y[i];
        }

        return (max, total);
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
            var dz = target.Row(at[3], n);
            var (_, sum) = CrossEntropy.Exponentials(target.Row(at[0], n), dz);
            target.Subtract(at[1], n, dz, target.Mass(at[1], n) / sum, dloss[n]);
        }
    }
}

/// <summary>
/// Rows of classes and the target of each, (1 − smoothing)·weight + smoothing/classes; a class number outside of the classes makes a row of zeros.
/// </summary>
internal sealed class CrossEntropyTarget(int rows, int classes, double smoothing, bool soft)
{
    private readonly double _even = smoothing / classes;

    internal int Rows => rows;

    internal int Classes => classes;

    internal Span<float> Row(nint at, int n) => Elements.Floats(at + ((nint)n * classes * sizeof(float)), classes);

    /// <summary>Σ t.</summary>
    internal double Mass(nint target, int n)
    {
        if (!soft) return IsClass(Label(target, n)) ? 1 - smoothing + (_even * classes) : 0;
        var mass = 0.0;
        foreach (var weight in Row(target, n)) mass += ((1 - smoothing) * weight) + _even;
        return mass;
    }

    /// <summary>Σ t·(log − z).</summary>
    internal double Against(nint target, int n, ReadOnlySpan<float> z, double log)
    {
        var label = soft ? -1 : Label(target, n);
        if (!soft && !IsClass(label)) return 0;
        var (weighted, even) = (soft ? 0.0 : log - z[label], 0.0);
        if (soft)
        {
            var weights = Row(target, n);
            for (var c = 0; c < z.Length; c++)
                if (weights[c] != 0) weighted += weights[c] * (log - z[c]);
        }

        if (smoothing != 0)
            foreach (var x in z) even += log - x;
        return ((1 - smoothing) * weighted) + (_even * even);
    }

    /// <summary>Turns e into factor·(scale·e − t).</summary>
    internal void Subtract(nint target, int n, Span<float> e, double scale, double factor)
    {
        var label = soft ? -1 : Label(target, n);
        var even = soft || IsClass(label) ? _even : 0;
        var own = IsClass(label) ? e[label] : 0;
        var weights = soft ? Row(target, n) : [];
        for (var c = 0; c < e.Length; c++)
            e[c] = (float)(factor * ((scale * e[c]) - (soft ? ((1 - smoothing) * weights[c]) + even : even)));
        if (IsClass(label)) e[label] = (float)(factor * ((scale * own) - (1 - smoothing + even)));
    }

    private bool IsClass(int label) => label >= 0 && label < classes;

    private int Label(nint target, int n) => Elements.Ints(target, rows)[n];
}
