using System.Runtime.InteropServices;
using Fovea.Formats.Tests.MindSpore;
using Fovea.Formats.Tests.Paddle;
using Fovea.Formats.Weights;
using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Tensors;

namespace Fovea.Cli.Tests;

/// <summary>Weights of models, and files of them as other systems keep them.</summary>
internal static class ForeignWeights
{
    /// <summary>Drawn numbers for all parameters and states; variances are 1.</summary>
    internal static Dictionary<string, HostTensor> Drawn(Graph graph) => graph.Variables.Select(value => value.Variable!)
        .Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State)
        .ToDictionary(variable => variable.Label, variable => new Initializer.Uniform(0.1).Make(variable.Type.Shape, variable.Label, seed: 3) is var drawn
            && variable.Label.EndsWith("running_var", StringComparison.Ordinal) ? HostTensor.Filled(variable.Type.Shape, 1) : drawn);

    /// <summary>A tensor as the other system keeps it.</summary>
    internal static HostTensor Kept(NameMap map, HostTensor ours)
    {
        if (!map.TransposesMatrices || ours.Type.Shape.Rank != 2) return ours;
        var (rows, columns) = (ours.Type.Shape[0], ours.Type.Shape[1]);
        var theirs = new HostTensor(TensorType.F32(columns, rows));
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++) theirs.Floats[(j * rows) + i] = ours.Floats[(i * columns) + j];
        return theirs;
    }

    /// <summary>The same weights under another spelling, in its order.</summary>
    internal static IReadOnlyList<(string Name, HostTensor Tensor)> Spelt(NameMap map, Dictionary<string, HostTensor> ours) =>
        [.. map.FromCatalogue([.. ours.Keys]).Select(pair => (pair.Theirs, Kept(map, ours[pair.Ours])))];

    /// <summary>Writes a file in the format of its extension: .pdparams, .ckpt, or one that Fovea writes.</summary>
    internal static void Write(string path, IReadOnlyList<(string Name, HostTensor Tensor)> tensors)
    {
        switch (Path.GetExtension(path))
        {
            case ".pdparams":
                File.WriteAllBytes(path, NumpyPickles.StateDict(tensors.Select(entry => (entry.Name, Extents(entry.Tensor), entry.Tensor.Bytes.ToArray()))));
                break;
            case ".ckpt":
                File.WriteAllBytes(path, [.. tensors.SelectMany(entry => Checkpoints.Tensor(entry.Name, Extents(entry.Tensor), "Float32", entry.Tensor.Bytes.ToArray()))]);
                break;
            default:
                WeightFile.Write(path, tensors);
                break;
        }
    }

    /// <summary>Asserts that a file holds these tensors and no others, bit for bit.</summary>
    internal static void AssertHolds(string path, Dictionary<string, HostTensor> wanted)
    {
        var written = WeightFile.Read(path).Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor);
        Assert.Equal(wanted.Keys.Order(StringComparer.Ordinal), written.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in wanted) Assert.True(MemoryMarshal.AsBytes(tensor.Floats).SequenceEqual(written[name].Bytes), name);
    }

    private static long[] Extents(HostTensor tensor) => Array.ConvertAll(tensor.Shape.ToArray(), extent => (long)extent);
}
