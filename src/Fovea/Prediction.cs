namespace Fovea;

/// <summary>What a classifier thinks of one image.</summary>
public sealed class Prediction
{
    private readonly IReadOnlyList<string> _classes;
    private readonly float[] _probabilities;

    /// <param name="classes">The names of the classes.</param>
    /// <param name="logits">One for each, finite.</param>
    internal Prediction(IReadOnlyList<string> classes, ReadOnlySpan<float> logits) => (_classes, _probabilities) = (classes, Softmax(logits));

    /// <summary>The likeliest class; among equal ones the first.</summary>
    public string Class => _classes[Number];

    /// <summary>The number of <see cref="Class"/>.</summary>
    public int Number => TopNumbers(1)[0];

    /// <summary>The probability of <see cref="Class"/>, 0–1.</summary>
    public float Probability => _probabilities[Number];

    /// <summary>
    /// The probability of every class by its number, 0–1; they add up to 1: the softmax of the logits, whatever loss the model was trained with.
    /// </summary>
    public ReadOnlyMemory<float> Probabilities => _probabilities;

    /// <summary>The likeliest classes, the likeliest first; among equal ones the one with the lower number.</summary>
    /// <param name="k">How many, from 1; more than there are gives all.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public IReadOnlyList<(string Class, float Probability)> Top(int k = 5) => [.. TopNumbers(k).Select(c => (_classes[c], _probabilities[c]))];

    /// <summary>The numbers of the likeliest classes, in the order of <see cref="Top"/>.</summary>
    /// <inheritdoc cref="Top"/>
    public IReadOnlyList<int> TopNumbers(int k = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return [.. Enumerable.Range(0, _probabilities.Length).OrderByDescending(c => _probabilities[c]).Take(k)];
    }

    /// <summary>For example <c>stop (98.2 %)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Class} ({100 * Probability:f1} %)");

    private static float[] Softmax(ReadOnlySpan<float> logits)
    {
        double max = float.NegativeInfinity;
        foreach (var z in logits) max = Math.Max(max, z);
        var (sum, probabilities) = (0.0, new float[logits.Length]);
        foreach (var z in logits) sum += Math.Exp(z - max);
        for (var c = 0; c < logits.Length; c++) probabilities[c] = (float)(Math.Exp(logits[c] - max) / sum);
        return probabilities;
    }
}
