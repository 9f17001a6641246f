using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Sources;

/// <summary>The spellings in which the weights of a model may come, and the tensors of a file in one of them.</summary>
internal static class WeightSpelling
{
    /// <summary>The catalogue's, those that are known of the model, and those of PyTorch's as other frameworks have them.</summary>
    internal static IEnumerable<NameMap> Of(ModelRow row)
    {
        var own = new NameMap("");
        return row.OtherNames.Prepend(own).Concat(
            from framework in Framework.All
            from map in row.OtherNames.Where(map => map.Norms == NormNames.PyTorch).Prepend(own)
            select framework.Porting(map));
    }

    /// <summary>The tensors of a file under the catalogue's names, without those that the model computes.</summary>
    internal static IReadOnlyList<SpeltTensor> Spell(IReadOnlyList<(string Name, HostTensor Tensor)> given, NameMap map, Graph model)
    {
        List<SpeltTensor> spelt =
            [.. given.Where(entry => !map.Computes(entry.Name)).Select(entry => Shaped(entry.Name, map.ToCatalogue(entry.Name), entry.Tensor, map, model))];
        if (map.LacksBiases) spelt.AddRange(NoBiases(spelt, model));
        return spelt;
    }

    /// <summary>The matrix with its rows and columns exchanged.</summary>
    internal static HostTensor Transposed(HostTensor matrix)
    {
        var (rows, columns) = (matrix.Type.Shape[0], matrix.Type.Shape[1]);
        var from = matrix.Bytes;
        var (size, bytes) = (from.Length / Math.Max(1, rows * columns), new byte[from.Length]);
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                from.Slice(((i * columns) + j) * size, size).CopyTo(bytes.AsSpan(((j * rows) + i) * size));
        return new HostTensor(matrix.Type with { Shape = new Shape(columns, rows) }, bytes);
    }

    private static SpeltTensor Shaped(string source, string name, HostTensor theirs, NameMap map, Graph model)
    {
        if (theirs.Type.Shape.Rank != 2) return new(source, name, theirs.Type, theirs);
        var matrix = map.TransposesMatrices ? Transposed(theirs) : theirs;
        var isKernel = map.Flattened.Contains(name) && model.Find(name)?.Shape is { Rank: 4 } kernel
            && kernel.N == matrix.Type.Shape[0] && kernel.Elements == matrix.Type.Shape.Elements;
        var tensor = isKernel ? new HostTensor(matrix.Type with { Shape = model.Variable(name).Shape }, matrix.Bytes.ToArray()) : matrix;
        return new(source, name, theirs.Type, tensor, map.TransposesMatrices);
    }

    /// <summary>Zeros for the biases of convolutions whose weights alone are given.</summary>
    private static SpeltTensor[] NoBiases(List<SpeltTensor> given, Graph model)
    {
        var names = given.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. from node in model.Nodes
               where node.Op is Conv2d && node.Inputs[1].Variable is { } weight && names.Contains(weight.Label)
               let bias = $"{Variable.ModuleOf(node.Inputs[1].Variable!.Label)}.bias"
               where !names.Contains(bias) && model.Find(bias) is not null
               select new SpeltTensor("", bias, model.Variable(bias).Type, HostTensor.Filled(model.Variable(bias).Shape, 0)),
        ];
    }
}
