using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Formats.Weights;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Naming;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;
using Fovea.Training.Steps;
using Fovea.Training.Weights;

namespace Fovea.Sources;

/// <summary>Finds the weights of a model in a file, whatever its format and its spelling of names.</summary>
public static class WeightLoading
{
    private static string Wanted => $"weights ({string.Join(", ", WeightFile.Extensions)}) or a checkpoint";

    /// <summary>What a file holds, by its own names.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The part of it to read, where it has several; empty for the usual one.</param>
    /// <param name="note">Told what was done to get at the tensors; null for nobody.</param>
    /// <exception cref="ModelSourceException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of no known format, or has no such part.</exception>
    public static IReadOnlyList<(string Name, HostTensor Tensor)> Read(string path, string key, Action<string>? note = null)
    {
        if (!File.Exists(path))
            throw new ModelSourceException(
                $"{path}: {(Directory.Exists(path) ? "is a folder" : "there is no such file")}; wanted {Wanted}");
        if (Path.GetExtension(path) is (FoveaFile.Extension or OnnxFile.Extension) and var extension)
            throw new ModelSourceException(
                $"{path}: ends in '{extension}', a whole model, which --model takes (model.source); "
                + $"wanted {Wanted}");
        if (key.Length == 0 && CheckpointFile.IsOne(path)) return CheckpointFile.Read(path).Weights();
        var set = WeightFile.Read(path, key.Length == 0 ? null : key);
        foreach (var done in set.Notes) note?.Invoke($"{path}: {done}");
        if (set.Tensors.Count(entry => entry.Tensor.Type.DType == DType.BFloat16) is > 0 and var halves)
            note?.Invoke($"{path}: {Amount.Of(halves, "tensor is bf16; it becomes", "tensors are bf16; they become")} f32");
        return set.Tensors;
    }

    /// <summary>The weights of a model out of those of a file.</summary>
    /// <param name="row">The model's row in the catalogue, which knows other spellings.</param>
    /// <param name="model">Its graph.</param>
    /// <param name="given">What the file holds.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="skipClassifier">Whether the last layer keeps its initial weights; null where there is no such choice.</param>
    /// <exception cref="ModelSourceException">Something is missing, unexpected, or of another shape.</exception>
    /// <exception cref="ModelFormatException">A weight is not finite.</exception>
    public static WeightMatch Match(
        ModelRow row, Graph model, IReadOnlyList<(string Name, HostTensor Tensor)> given, string path, bool? skipClassifier = null)
    {
        var match = Fit(row, model, given, skipClassifier ?? false).Match;
        var classes = ClassesOf(match, model);
        if (classes is { } only && match.Missing.Count == 0 && match.Unexpected.Count == 0 && match.Mismatched.All(m => IsOfClasses(m, only.Wanted)))
            throw new ModelSourceException(
                $"{path}: these weights are for {Amount.Of(only.Given, "class")}; {row.Name} was asked for with {only.Wanted}. "
                + $"Wanted {OfClasses(only.Given, skipClassifier)}, or other weights");
        try
        {
            match.ThrowUnlessComplete(path, row.Name);
        }
        catch (Training.State.TrainingException e)
        {
            throw new ModelSourceException($"{e.Message}. {Advice(row, match, classes, skipClassifier)}", e);
        }

        FiniteNumbers.Check(path, match.Taken);
        return match;
    }

    /// <summary>What to do about weights that do not fit.</summary>
    private static string Advice(ModelRow row, WeightMatch match, (int Given, int Wanted)? classes, bool? skipClassifier)
    {
        if (IsFolded(match))
            return "They are of the deploy form, whose branches and norms are folded; wanted those of the form that is trained";
        if (CommonPart(match) is { } part) return $"Wanted --key {part}, which takes the tensors whose names begin so";
        if (classes is { } of)
            return $"The classifier alone is for {Amount.Of(of.Given, "class")}, not {of.Wanted}: {OfClasses(of.Given, skipClassifier)} would do for it";
        if (match.Taken.Count < match.Missing.Count + match.Mismatched.Count)
            return $"Little of the file is {row.Name}'s: wanted other weights, the model that they are of ('fovea models' lists all), "
                + "or --key for another part of the file";
        return match.Missing.Count + match.Mismatched.Count == 0
            ? "All that the model has is there: wanted the file without the rest, or --key for the part that is meant"
            : "Wanted a file with all tensors of the model, as state_dict() gives them";
    }

    /// <summary>Whether what the model lacks are convolutions with biases, and what is missing are norms.</summary>
    private static bool IsFolded(WeightMatch match) => match.Missing.Any(name => name.EndsWith(".running_var", StringComparison.Ordinal))
        && match.Unexpected.Any(name => name.Contains("reparam", StringComparison.Ordinal));

    /// <summary>What the names of most unexpected tensors begin with, in front of the names of most missing ones.</summary>
    private static string? CommonPart(WeightMatch match)
    {
        var missing = match.Missing.ToHashSet(StringComparer.Ordinal);
        return match.Unexpected
            .SelectMany(name => Enumerable.Range(1, Math.Max(0, name.Length - 2))
                .Where(at => name[at] is '.' or '/' && missing.Contains(name[(at + 1)..])).Select(at => name[..at]))
            .CountBy(part => part, StringComparer.Ordinal).Where(part => part.Value > missing.Count / 2).Select(part => part.Key).FirstOrDefault();
    }

    private static string OfClasses(int given, bool? skipClassifier) =>
        skipClassifier is null ? $"--classes {given}" : $"data of {Amount.Of(given, "class")}, --set model.skip_classifier=true to train a new last layer";

    /// <summary>The weights compared with the model, in the spelling of names that fits best.</summary>
    /// <inheritdoc cref="Match" path="/param"/>
    public static WeightFit Fit(ModelRow row, Graph model, IReadOnlyList<(string Name, HostTensor Tensor)> given, bool skipClassifier = false) =>
        Fit(row, model, given, skipClassifier, isDeployed: false);

    /// <summary>The same in the form of the model that fits best: that in which it is trained, or that in which branches and norms are folded.</summary>
    /// <inheritdoc cref="Match" path="/param"/>
    public static WeightFit FitAnyForm(ModelRow row, Graph model, IReadOnlyList<(string Name, HostTensor Tensor)> given)
    {
        var trained = Fit(row, model, given);
        if (trained.Match.IsComplete) return trained;
        var deployed = Fit(row, Deploy.Structure(model, row.DeployName), given, skipClassifier: false, isDeployed: true);
        return deployed.Score.CompareTo(trained.Score) > 0 ? deployed : trained;
    }

    /// <summary>The weights in their order, in the form of the model that they fit; for those whose names nothing knows.</summary>
    /// <inheritdoc cref="Match" path="/param"/>
    /// <exception cref="ModelSourceException">A module differs from the model's, or stands at another place.</exception>
    public static WeightFit FitInOrder(ModelRow row, Graph model, IReadOnlyList<(string Name, HostTensor Tensor)> given)
    {
        try
        {
            return OrderedWeights.Fit(model, given, isDeployed: false);
        }
        catch (ModelSourceException)
        {
            var deployed = Deploy.Structure(model, row.DeployName);
            if (WeightMatch.Kept(deployed).Count() != given.Count) throw;
            return OrderedWeights.Fit(deployed, given, isDeployed: true);
        }
    }

    private static WeightFit Fit(
        ModelRow row, Graph model, IReadOnlyList<(string Name, HostTensor Tensor)> given, bool skipClassifier, bool isDeployed)
    {
        WeightFit? best = null;
        foreach (var map in WeightSpelling.Of(row))
        {
            var spelt = WeightSpelling.Spell(given, map, model);
            var fit = new WeightFit(
                model, isDeployed, map.Name, spelt, WeightMatch.Of(model, [.. spelt.Select(tensor => (tensor.Name, tensor.Tensor))], skipClassifier));
            if (best is null || fit.Score.CompareTo(best.Score) > 0) best = fit;
            if (best.Match.IsComplete) break;
        }

        return best!;
    }

    /// <summary>The classes that weights are for, and those of the model, where the tensors of classifiers say that they differ; otherwise null.</summary>
    public static (int Given, int Wanted)? ClassesOf(WeightMatch match, Graph model)
    {
        var wanted = model.Output(TrainingGraph.Logits).Shape[1];
        return match.Mismatched.Where(m => IsOfClasses(m, wanted)).Select(m => m.Given.Shape[0]).Distinct().ToArray() is [var given] ? (given, wanted) : null;
    }

    /// <summary>Whether a tensor has a row for each class, and differs from the model's in their number alone.</summary>
    private static bool IsOfClasses((string Name, TensorType Given, TensorType Wanted) m, int classes) =>
        m.Given.DType == m.Wanted.DType && m.Wanted.Shape.Rank > 0 && m.Wanted.Shape.Rank == m.Given.Shape.Rank && m.Wanted.Shape[0] == classes
        && m.Given.Shape[0] > 0 && m.Given.Shape[0] != classes && Rest(m.Given.Shape).SequenceEqual(Rest(m.Wanted.Shape));

    private static IEnumerable<int> Rest(Shape shape) => Enumerable.Range(1, shape.Rank - 1).Select(axis => shape[axis]);
}
