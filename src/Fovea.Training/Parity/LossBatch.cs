using System.Globalization;
using Fovea.Data.Parity;
using Fovea.Training.Losses;

namespace Fovea.Training.Parity;

/// <summary>The inputs that the cases of <c>losses.json</c> share: N images of C classes. Each of them is read, and checked against the others.</summary>
internal sealed class LossBatch
{
    private const string WeightsPrefix = "drw_weights_beta_";
    private const string Counts = "class_counts";

    /// <summary>Numbers of the fixture have nine digits.</summary>
    private const double Digits = 1e-8;

    private readonly FixtureNode _inputs;
    private readonly Dictionary<string, double[]> _known = new(StringComparer.Ordinal);

    /// <summary>Reads the inputs.</summary>
    /// <param name="inputs">Logits and labels; of teachers, soft targets, class weights and the like those that the cases want.</param>
    /// <exception cref="FixtureException">One is missing, or does not fit the logits.</exception>
    internal LossBatch(FixtureNode inputs)
    {
        _inputs = inputs;
        var logits = inputs["logits"];
        (Samples, Classes) = (logits.Items.Count, logits.Items[0].Items.Count);
        foreach (var name in (string[])["logits", "teacher_logits", "soft_targets"])
            if (inputs.Find(name) is { } rows) _known[name] = rows.Numbers(Samples, Classes);
        foreach (var name in (string[])["class_weights", "pos_weight", "class_frequency"])
            if (inputs.Find(name) is { } row) _known[name] = row.Numbers(Classes);
        foreach (var name in (string[])["labels", "labels_b"])
            if (inputs.Find(name) is { } labels) _known[name] = LabelsOf(labels, Samples, Classes);
        if (inputs.Find("seql_beta") is { } mask) _known["seql_beta"] = Mask(mask);
        if (inputs.Find(Counts) is { } counts) ClassCounts = CountsOf(counts);
    }

    /// <summary>N.</summary>
    internal int Samples { get; }

    /// <summary>C.</summary>
    internal int Classes { get; }

    /// <summary>How many training images each class has; empty where that is not given.</summary>
    internal int[] ClassCounts { get; } = [];

    /// <summary>One of the inputs.</summary>
    /// <exception cref="FixtureException">It is not given.</exception>
    internal double[] this[string name] => _known.TryGetValue(name, out var numbers) ? numbers : throw _inputs[name].Wrong("is none of the inputs of losses");

    /// <summary>A number for each class that a case gives: as a list, one for all, or as the name of an input.</summary>
    internal double[] Row(FixtureNode given)
    {
        if (given.IsList) return given.Numbers(Classes);
        if (!given.IsText) return [.. Enumerable.Repeat(given.Number(), Classes)];
        var name = given.Text().Replace("[y]", "", StringComparison.Ordinal);
        return _known.TryGetValue(name, out var row) && row.Length == Classes
            ? row
            : throw given.Wrong($"is '{given.Text()}'; wanted the name of an input that has {Classes} numbers, as class_weights");
    }

    /// <summary>β of the weights that a case names: <c>drw_weights_beta_0.9999</c>.</summary>
    internal double BetaOf(FixtureNode name)
    {
        if (BetaOf(name.Text()) is not { } beta) throw name.Wrong($"is '{name.Text()}'; wanted {WeightsPrefix} and a β from 0 to below 1");
        return _inputs.Find(name.Text()) is not null ? beta : throw name.Wrong($"is '{name.Text()}', which is none of the inputs");
    }

    /// <summary>What is wrong with the weights of classes for a β, as far as they are given; null where nothing is.</summary>
    internal string? WeightsProblem(string name)
    {
        if (BetaOf(name) is not { } beta || _inputs.Find(name) is not { } given) return null;
        if (ClassCounts.Length == 0) throw new FixtureException($"{_inputs.Where}.{Counts}", $"is missing; wanted the counts that {name} follows from");
        var (wanted, found) = (given.Numbers(Classes), new LdamOptions { Beta = beta }.Weights(ClassCounts));
        return Enumerable.Range(0, Classes)
            .Select(c => Near.Relative($"{given.Where}[{c}]", found[c], wanted[c], Digits)).FirstOrDefault(far => far is not null);
    }

    /// <summary>What is wrong with inputs that follow from the counts of classes, by their names.</summary>
    internal IEnumerable<ComponentResult> Problems()
    {
        foreach (var name in _inputs.Names())
            if (WeightsProblem(name) is { } wrong) yield return new(name, wrong);
        if (!_known.TryGetValue("class_frequency", out var shares) || ClassCounts.Length == 0) yield break;
        double sum = ClassCounts.Sum(count => (long)count);
        for (var c = 0; c < Classes; c++)
        {
            if (Near.Absolute($"{_inputs.Where}.class_frequency[{c}]", ClassCounts[c] / sum, shares[c], Digits) is not { } far) continue;
            yield return new("class_frequency", far);
            yield break;
        }
    }

    /// <summary>The labels of a batch, each below the number of classes.</summary>
    internal static double[] LabelsOf(FixtureNode labels, int samples, int classes)
    {
        var numbers = labels.Integers(0, classes - 1);
        return numbers.Length == samples ? [.. numbers.Select(label => (double)label)] : throw labels.Wrong($"has {numbers.Length} labels; wanted {samples}");
    }

    private int[] CountsOf(FixtureNode counts)
    {
        var numbers = counts.Integers(least: 1);
        return numbers.Length == Classes ? numbers : throw counts.Wrong($"has {numbers.Length} numbers; wanted {Classes}, one for each class");
    }

    private double[] Mask(FixtureNode mask)
    {
        var numbers = mask.Numbers(Samples, Classes);
        var other = Array.FindIndex(numbers, number => number is not (0 or 1));
        return other < 0 ? numbers : throw mask.Items[other / Classes].Items[other % Classes].Wrong(
            string.Create(CultureInfo.InvariantCulture, $"is {numbers[other]}; wanted 0 or 1"));
    }

    private static double? BetaOf(string name) => name.StartsWith(WeightsPrefix, StringComparison.Ordinal)
        && double.TryParse(
            name.AsSpan(WeightsPrefix.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var beta)
        && beta is >= 0 and < 1 ? beta : null;
}
