using Fovea.Cli.Output;
using Fovea.Formats;
using Fovea.Formats.Safetensors;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;
using Fovea.Training.Weights;

namespace Fovea.Cli.Work;

/// <summary>Finds the weights of a model in a file, whatever its format and its spelling of names.</summary>
internal static class WeightLoading
{
    /// <summary>What a file holds, by its own names.</summary>
    /// <exception cref="UsageException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is damaged or of no known format.</exception>
    internal static IReadOnlyList<(string Name, HostTensor Tensor)> Read(string path, Report report)
    {
        if (!File.Exists(path)) throw new UsageException($"{path}: there is no such file; wanted weights (.safetensors, .pth, .pt, .th) or a checkpoint");
        if (IsCheckpoint(path)) return CheckpointFile.Read(path).Weights();
        var set = WeightFile.Read(path);
        foreach (var note in set.Notes) report.Note($"{path}: {note}");
        return set.Tensors;
    }

    /// <summary>The weights of a model out of those of a file.</summary>
    /// <param name="row">The model's row in the catalogue, which knows other spellings.</param>
    /// <param name="model">Its graph.</param>
    /// <param name="given">What the file holds.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="skipClassifier">Whether the last layer keeps its initial weights.</param>
    /// <exception cref="UsageException">Something is missing, unexpected, or of another shape.</exception>
    internal static WeightMatch Match(ModelRow row, Graph model, IReadOnlyList<(string Name, HostTensor Tensor)> given, string path, bool skipClassifier = false)
    {
        var match = Best(row, model, given, skipClassifier);
        if (ClassesOf(match) is { } classes && classes.Given != classes.Wanted)
            throw new UsageException($"{path}: these weights are for {classes.Given} classes; {row.Name} was asked for with {classes.Wanted}. Wanted --classes {classes.Given}, or other weights");
        try
        {
            match.ThrowUnlessComplete(path, row.Name);
        }
        catch (Training.TrainingException e)
        {
            throw new UsageException(e.Message, e);
        }

        return match;
    }

    /// <summary>The weights compared with the model, in the spelling of names that fits best.</summary>
    internal static WeightMatch Best(ModelRow row, Graph model, IReadOnlyList<(string Name, HostTensor Tensor)> given, bool skipClassifier = false) =>
        row.OtherNames.Select(map => Renamed(given, map, model)).Prepend(given)
            .Select(names => WeightMatch.Of(model, names, skipClassifier))
            .MaxBy(match => match.Taken.Count + match.Mismatched.Count)!;

    /// <summary>The classes that weights are for, and those of the model, when nothing else is in the way; otherwise null.</summary>
    internal static (int Given, int Wanted)? ClassesOf(WeightMatch match)
    {
        if (match.Mismatched.Count == 0 || match.Missing.Count > 0 || match.Unexpected.Count > 0) return null;
        var sizes = match.Mismatched.Select(m => (Given: m.Given.Shape.Rank == 0 ? 0 : m.Given.Shape[0], Wanted: m.Wanted.Shape[0])).Distinct().ToArray();
        return sizes is [var only] && match.Mismatched.All(m => m.Given.Shape.Rank == m.Wanted.Shape.Rank && Rest(m.Given.Shape).SequenceEqual(Rest(m.Wanted.Shape)))
            ? only
            : null;
    }

    private static IEnumerable<int> Rest(Shape shape) => Enumerable.Range(1, shape.Rank - 1).Select(axis => shape[axis]);

    private static (string Name, HostTensor Tensor)[] Renamed(IReadOnlyList<(string Name, HostTensor Tensor)> given, NameMap map, Graph model) =>
    [
        .. given.Where(entry => !map.Computes(entry.Name)).Select(entry => (Name: map.ToCatalogue(entry.Name), entry.Tensor))
            .Select(entry => (entry.Name, Reshaped(entry.Name, entry.Tensor, map, model))),
    ];

    private static HostTensor Reshaped(string name, HostTensor theirs, NameMap map, Graph model)
    {
        if (theirs.Type.Shape.Rank != 2) return theirs;
        var matrix = map.TransposesMatrices ? Transposed(theirs) : theirs;
        var isKernel = map.Flattened.Contains(name) && model.Find(name)?.Shape is { Rank: 4 } kernel
            && kernel.N == matrix.Type.Shape[0] && kernel.Elements == matrix.Type.Shape.Elements;
        return isKernel ? new HostTensor(matrix.Type with { Shape = model.Variable(name).Shape }, matrix.Bytes.ToArray()) : matrix;
    }

    private static HostTensor Transposed(HostTensor matrix)
    {
        var (rows, columns) = (matrix.Type.Shape[0], matrix.Type.Shape[1]);
        var from = matrix.Bytes;
        var (size, bytes) = (from.Length / Math.Max(1, rows * columns), new byte[from.Length]);
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                from.Slice(((i * columns) + j) * size, size).CopyTo(bytes.AsSpan(((j * rows) + i) * size));
        return new HostTensor(matrix.Type with { Shape = new Shape(columns, rows) }, bytes);
    }

    private static bool IsCheckpoint(string path)
    {
        if (!path.EndsWith(CheckpointFile.Extension, StringComparison.OrdinalIgnoreCase)) return false;
        using var file = SafetensorsFile.Open(path);
        return file.Metadata.ContainsKey("fovea.kind");
    }
}
