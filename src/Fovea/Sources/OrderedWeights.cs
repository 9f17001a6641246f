using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Naming;
using Fovea.Tensors;
using Fovea.Training.Weights;

namespace Fovea.Sources;

/// <summary>Names weights by their order, where nothing knows their names: module for module, each with the same tensors in the same shapes.</summary>
/// <remarks>
/// It is refused where one module differs, and where a projection beside a block stands at another place than the model's: two convolutions of one shape
/// could not be told apart.
/// </remarks>
internal static class OrderedWeights
{
    /// <summary>What parts of names say that a module stands beside a block.</summary>
    private static readonly string[] s_beside = ["down", "short", "proj", "skip"];

    /// <summary>The weights under the model's names, in the framework in which all of them fit.</summary>
    /// <param name="model">The model, in the form that they are of.</param>
    /// <param name="given">What the file holds, in its order.</param>
    /// <param name="isDeployed">Whether that is the deploy form.</param>
    /// <exception cref="ModelSourceException">They do not fit in any.</exception>
    internal static WeightFit Fit(Graph model, IReadOnlyList<(string Name, HostTensor Tensor)> given, bool isDeployed)
    {
        var ours = Modules(WeightMatch.Kept(model).Select(variable => (variable.Label, variable.Type)), new NameMap(""));
        var problem = "";
        foreach (var map in Framework.All.Select(framework => framework.Porting(new(""))).Prepend(new NameMap("PyTorch")))
        {
            var theirs = Modules(given.Select(entry => (entry.Name, entry.Tensor.Type)), map);
            if (Difference(ours, theirs, map) is { } difference)
            {
                if (problem.Length == 0) problem = difference;
                continue;
            }

            var tensors = given.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal);
            SpeltTensor[] spelt = [.. ours.Zip(theirs).SelectMany(pair => Named(pair.First, pair.Second, tensors, map))];
            return new(model, isDeployed, map.Name, spelt, WeightMatch.Of(model, [.. spelt.Select(tensor => (tensor.Name, tensor.Tensor))]))
            {
                Note = $"the names are not known; {Amount.Of(ours.Count, "module was", "modules were")} matched in their order, by their shapes, "
                    + $"as {map.Name} keeps them",
            };
        }

        throw new ModelSourceException($"they do not follow the order of {model.Name}: {problem}");
    }

    /// <summary>Tensors by what they are, module by module.</summary>
    private static List<Module> Modules(IEnumerable<(string Name, TensorType Type)> tensors, NameMap map)
    {
        var modules = new List<Module>();
        foreach (var (name, type) in tensors)
        {
            var path = Variable.ModuleOf(name);
            if (modules.Count == 0 || modules[^1].Path != path) modules.Add(new(path, []));
            var role = map.ToCatalogue(name);
            modules[^1].Tensors[role[(role.LastIndexOf('.') + 1)..]] = (name, type);
        }

        return modules;
    }

    private static string? Difference(List<Module> ours, List<Module> theirs, NameMap map)
    {
        for (var i = 0; i < Math.Min(ours.Count, theirs.Count); i++)
        {
            var (our, their) = (ours[i], theirs[i]);
            var isSame = our.Tensors.Count == their.Tensors.Count
                && our.Tensors.All(tensor => their.Tensors.TryGetValue(tensor.Key, out var other) && Fits(tensor.Value.Type.Shape, other.Type.Shape, map));
            if (!isSame) return $"module {i + 1} is {their} in the file, {our} in the model";
            if (IsBeside(our.Path) != IsBeside(their.Path))
                return $"module {i + 1} is {their} in the file, {our} in the model: one of them stands beside its block";
        }

        return ours.Count == theirs.Count ? null : $"the file has {Amount.Of(theirs.Count, "module")}, the model {ours.Count}";
    }

    private static bool Fits(Shape ours, Shape theirs, NameMap map) => theirs.Rank != 2 ? ours == theirs
        : (map.TransposesMatrices ? new Shape(theirs[1], theirs[0]) : theirs) is var matrix
            && (ours == matrix || (ours is { Rank: 4, H: 1, W: 1 } && ours.N == matrix[0] && ours.C == matrix[1]));

    private static bool IsBeside(string path) => Array.Exists(s_beside, word => path.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<SpeltTensor> Named(Module our, Module their, Dictionary<string, HostTensor> tensors, NameMap map)
    {
        foreach (var (role, (name, type)) in our.Tensors)
        {
            var given = tensors[their.Tensors[role].Name];
            var isTransposed = map.TransposesMatrices && given.Shape.Rank == 2;
            var matrix = isTransposed ? WeightSpelling.Transposed(given) : given;
            var shaped = matrix.Shape == type.Shape ? matrix : new HostTensor(matrix.Type with { Shape = type.Shape }, matrix.Bytes.ToArray());
            yield return new(their.Tensors[role].Name, name, given.Type, shaped, isTransposed);
        }
    }

    private sealed record Module(string Path, OrderedDictionary<string, (string Name, TensorType Type)> Tensors)
    {
        public override string ToString()
        {
            var parts = Tensors.Select(tensor => $"{Printable.Line(tensor.Key, most: 32)} {tensor.Value.Type.Shape}");
            return $"'{Printable.Line(Path, most: 64)}' ({string.Join(", ", parts)})";
        }
    }
}
