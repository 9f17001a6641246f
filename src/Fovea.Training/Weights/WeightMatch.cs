using System.Runtime.InteropServices;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Tensors;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training.Weights;

/// <summary>How given weights fit a model: what can be taken, and what cannot.</summary>
public sealed record WeightMatch
{
    private const int Listed = 8;
    private const int LongestName = 120;

    /// <summary>Every integer up to it is a binary32.</summary>
    private const long LargestExact = 1 << 24;

    /// <summary>How many numbers of a model are trained, of all layers.</summary>
    /// <param name="model">The graph.</param>
    public static long CountParameters(Graph model) =>
        Kept(model).Where(variable => variable.Kind == VariableKind.Parameter).Sum(variable => (long)variable.Type.Shape.Elements);

    /// <summary>The weights that the model takes.</summary>
    public required IReadOnlyList<(string Name, HostTensor Tensor)> Taken { get; init; }

    /// <summary>The model's variables that are not given.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>What is given, but not in the model.</summary>
    public required IReadOnlyList<string> Unexpected { get; init; }

    /// <summary>What is given in another shape, or in another element type that says something else.</summary>
    public required IReadOnlyList<(string Name, TensorType Given, TensorType Wanted)> Mismatched { get; init; }

    /// <summary>The variables of the classifier that were left as they are because that was asked for.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>Whether nothing is missing, unexpected or mismatched.</summary>
    public bool IsComplete => Missing.Count == 0 && Unexpected.Count == 0 && Mismatched.Count == 0;

    /// <summary>Compares weights with a model.</summary>
    /// <remarks>
    /// The model's type of floating-point numbers is made of the others, and of integers that it holds exactly; bytes, which stand for quantised
    /// weights as often as for numbers, are not converted.
    /// </remarks>
    /// <param name="model">The model, in any form that has its parameters and state.</param>
    /// <param name="given">The weights, by name.</param>
    /// <param name="skipClassifier">Whether the last layer, which makes the logits, is to keep its initial weights.</param>
    public static WeightMatch Of(Graph model, IReadOnlyList<(string Name, HostTensor Tensor)> given, bool skipClassifier = false)
    {
        var skipped = skipClassifier ? Classifier(model) : [];
        var wanted = Kept(model).ToDictionary(variable => variable.Label, variable => variable.Type, StringComparer.Ordinal);
        var compared = given.Where(entry => wanted.ContainsKey(entry.Name) && !skipped.Contains(entry.Name))
            .Select(entry => (entry.Name, Tensor: Converted(entry.Tensor, wanted[entry.Name])))
            .ToLookup(entry => entry.Tensor.Type == wanted[entry.Name]);
        var names = given.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        return new()
        {
            Taken = [.. compared[true]],
            Missing = [.. wanted.Keys.Where(name => !names.Contains(name) && !skipped.Contains(name))],
            Unexpected = [.. given.Select(entry => entry.Name).Where(name => !wanted.ContainsKey(name))],
            Mismatched = [.. compared[false].Select(entry => (entry.Name, entry.Tensor.Type, wanted[entry.Name]))],
            Skipped = skipped,
        };
    }

    /// <summary>The parameters and the state of a model, in the order of their declaration.</summary>
    public static IEnumerable<Variable> Kept(Graph model) =>
        model.Variables.Select(value => value.Variable!).Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State);

    /// <summary>Throws unless the weights are exactly those of the model.</summary>
    /// <param name="source">Where the weights come from, for the message.</param>
    /// <param name="model">The name of the model, for the message.</param>
    /// <exception cref="TrainingException">Something is missing, unexpected or mismatched; the message lists it.</exception>
    public void ThrowUnlessComplete(string source, string model)
    {
        if (IsComplete) return;
        var parts = new List<string>();
        var (shapes, types) = (Mismatched.Where(m => m.Given.Shape != m.Wanted.Shape), Mismatched.Where(m => m.Given.Shape == m.Wanted.Shape));
        if (shapes.Any()) parts.Add($"of another shape: {List(shapes.Select(Mismatch))}");
        if (types.Any()) parts.Add($"of another element type: {List(types.Select(Mismatch))}");
        if (Missing.Count > 0) parts.Add($"missing: {List(Missing)}");
        if (Unexpected.Count > 0) parts.Add($"unexpected: {List(Unexpected)}");
        throw new TrainingException($"{source}: these are not the weights of {model}: {string.Join("; ", parts)}");
    }

    /// <summary>The tensor in the element type that is wanted, where that says the same; otherwise as it is.</summary>
    private static HostTensor Converted(HostTensor given, TensorType wanted)
    {
        if (given.Type == wanted || given.Shape != wanted.Shape) return given;
        var converted = new HostTensor(wanted);
        switch (given.Type.DType, wanted.DType)
        {
            case (DType.BFloat16, DType.Float32):
                var bits = MemoryMarshal.Cast<byte, ushort>(given.Bytes);
                for (var i = 0; i < bits.Length; i++) converted.Floats[i] = BFloat16Bits.ToSingle(bits[i]);
                return converted;
            case (DType.Float32, DType.BFloat16):
                var rounded = MemoryMarshal.Cast<byte, ushort>(converted.Bytes);
                for (var i = 0; i < rounded.Length; i++) rounded[i] = BFloat16Bits.FromSingle(given.Floats[i]);
                return converted;
            case (DType.Int32, DType.Float32):
                for (var i = 0; i < given.Ints.Length; i++)
                {
                    if (Math.Abs((long)given.Ints[i]) > LargestExact) return given;
                    converted.Floats[i] = given.Ints[i];
                }

                return converted;
            default:
                return given;
        }
    }

    private static string Mismatch((string Name, TensorType Given, TensorType Wanted) m) => $"{m.Name} is {m.Given}, the model wants {m.Wanted}";

    private static string List(IEnumerable<string> names)
    {
        var all = names.ToArray();
        return string.Join(", ", all.Take(Listed).Select(name => Printable.Line(name, LongestName)))
            + (all.Length > Listed ? $" and {all.Length - Listed} more" : "");
    }

    /// <summary>The variables of the module that makes the logits.</summary>
    private static string[] Classifier(Graph model)
    {
        var module = model.Output(TrainingGraph.Logits).Node.Path;
        return [.. Kept(model).Select(variable => variable.Label).Where(label => Variable.ModuleOf(label) == module)];
    }
}
