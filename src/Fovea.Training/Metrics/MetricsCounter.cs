using System.Globalization;
using Fovea.Naming;
using Fovea.Training.State;

namespace Fovea.Training.Metrics;

/// <summary>Counts hits and losses, batch by batch.</summary>
/// <param name="classes">The names of the classes, by number.</param>
public sealed class MetricsCounter(IReadOnlyList<string> classes)
{
    private const int TopK = 5;

    private readonly ConfusionMatrix _confusion = new(classes.Count);
    private readonly WorstMistakes _mistakes = new();
    private readonly List<int> _ranks = [];
    private double _loss;
    private long _samples;
    private long _top1;
    private long _topK;

    /// <summary>The mean loss of the last batch.</summary>
    internal double LastLoss { get; private set; }

    /// <summary>Of each image of the last batch, how many classes come before the right one.</summary>
    internal IReadOnlyList<int> LastRanks => [.. _ranks];

    /// <summary>Adds a batch.</summary>
    /// <param name="logits">[N, classes], row-major.</param>
    /// <param name="labels">[N], the right classes.</param>
    /// <param name="images">[N], the numbers of the images in their source; empty where they come in the order of the source.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a label is no class.</exception>
    /// <exception cref="TrainingException">A loss or a logit is not finite.</exception>
    public void Add(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, ReadOnlySpan<int> images = default)
    {
        if (logits.Length != (long)labels.Length * classes.Count)
            throw new ArgumentException(
                $"{logits.Length} logits; {Amount.Of(labels.Length, "image")} of {classes.Count} classes want {(long)labels.Length * classes.Count}");
        if (images.Length > 0 && images.Length != labels.Length)
            throw new ArgumentException($"{Amount.Of(images.Length, "number")} of images; {Amount.Of(labels.Length, "image")} want as many, or none");
        _ranks.Clear();
        var before = _loss;
        for (var i = 0; i < labels.Length; i++)
            AddSample(logits.Slice(i * classes.Count, classes.Count), labels[i], images.Length > 0 ? images[i] : (int)_samples);
        LastLoss = (_loss - before) / Math.Max(1, labels.Length);
    }

    /// <summary>The metrics of all batches so far.</summary>
    /// <exception cref="InvalidOperationException">There was no image.</exception>
    public EvaluationMetrics Result()
    {
        if (_samples == 0) throw new InvalidOperationException("nothing was evaluated; wanted at least one image");
        var rows = classes.Select((name, c) => new ClassAccuracy(c, name, _confusion.Count(c), _confusion[c, c], _confusion.Predicted(c))).ToArray();
        return new()
        {
            Samples = _samples,
            Loss = _loss / _samples,
            Top1 = (double)_top1 / _samples,
            Top5 = classes.Count <= TopK ? null : (double)_topK / _samples,
            Macro = rows.Where(row => row.Count > 0).Average(row => row.Accuracy!.Value),
            Micro = (double)rows.Sum(row => row.Correct) / rows.Sum(row => row.Count),
            PerClass = [.. rows.OrderBy(row => row.Accuracy ?? double.PositiveInfinity).ThenBy(row => row.Class)],
            Confusion = _confusion,
            Mistakes = _mistakes.Sorted(),
        };
    }

    /// <summary>How many rows of logits have their largest value at the label, and how many one of the five largest.</summary>
    internal static (int Largest, int OfFive) Hits(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        var width = labels.Length == 0 ? 0 : logits.Length / labels.Length;
        var (largest, ofFive) = (0, 0);
        for (var i = 0; i < labels.Length; i++)
        {
            var rank = Rank(logits.Slice(i * width, width), labels[i]);
            if (rank == 0) largest++;
            if (rank < TopK) ofFive++;
        }

        return (largest, ofFive);
    }

    private void AddSample(ReadOnlySpan<float> z, int label, int image)
    {
        if ((uint)label >= (uint)z.Length) throw new ArgumentException($"the label {label} is no class; wanted 0 to {z.Length - 1}");
        var loss = CrossEntropy(z, label);
        if (!double.IsFinite(loss) || !Finite(z))
            throw new TrainingException(
                FormattableString.Invariant(
                    $"image {_samples} of the evaluation: its logits are [{First(z)}] and give a loss of {loss}; wanted finite numbers. ")
                + "The weights are broken: go back to an earlier checkpoint");
        var rank = Rank(z, label);
        _samples++;
        _ranks.Add(rank);
        if (rank == 0) _top1++;
        if (rank < TopK) _topK++;
        _loss += loss;
        var predicted = rank == 0 ? label : Largest(z);
        _confusion.Add(label, predicted);
        if (rank > 0) _mistakes.Add(new(image, label, predicted, Math.Exp(-CrossEntropy(z, predicted)), Math.Exp(-loss)));
    }

    private static bool Finite(ReadOnlySpan<float> z)
    {
        foreach (var x in z)
            if (!float.IsFinite(x)) return false;
        return true;
    }

    private static string First(ReadOnlySpan<float> z)
    {
        const int shown = 5;
        var numbers = z[..Math.Min(shown, z.Length)].ToArray().Select(x => x.ToString("G4", CultureInfo.InvariantCulture));
        return string.Join(", ", numbers) + (z.Length > shown ? ", …" : "");
    }

    /// <summary>How many classes come before the label.</summary>
    private static int Rank(ReadOnlySpan<float> z, int label)
    {
        var rank = 0;
        for (var c = 0; c < z.Length; c++)
            if (z[c] > z[label] || (z[c] == z[label] && c < label)) rank++;
        return rank;
    }

    private static int Largest(ReadOnlySpan<float> z)
    {
        var largest = 0;
        for (var c = 0; c < z.Length; c++)
            if (z[c] > z[largest]) largest = c;
        return largest;
    }

    private static double CrossEntropy(ReadOnlySpan<float> z, int label)
    {
        double max = z[0];
        foreach (var x in z) max = Math.Max(max, x);
        var sum = 0.0;
        foreach (var x in z) sum += Math.Exp(x - max);
        return max + Math.Log(sum) - z[label];
    }
}
