using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Naming;

namespace Fovea.Pretrained;

/// <summary>The published weights that can be named.</summary>
public static class WeightsCatalog
{
    /// <summary>What stands for the default weights of a model.</summary>
    public const string Default = "default";

    private static readonly Lazy<IReadOnlyList<PublishedWeights>> s_all = new(WeightsTable.Read);

    /// <summary>All of them, model by model; the first of a model are its default, whose preprocessing is that of its row in the catalogue of models.</summary>
    public static IReadOnlyList<PublishedWeights> All => s_all.Value;

    /// <summary>Those of a model, the default first; none where none are published.</summary>
    /// <param name="model">Its name in the catalogue of models, or an alias.</param>
    public static IReadOnlyList<PublishedWeights> Of(string model)
    {
        var name = ModelCatalog.TryFind(model)?.Name;
        return [.. All.Where(weights => weights.Model == name)];
    }

    /// <summary>The weights of exactly that name, whatever the case; otherwise null.</summary>
    public static PublishedWeights? TryFind(string name) =>
        All.FirstOrDefault(weights => weights.Name == name) ?? All.FirstOrDefault(weights => weights.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The weights that are meant.</summary>
    /// <param name="name">
    /// Their name; that of a model, or <see cref="Default"/>, for the default of the model; of weights of a given model, what comes behind the point is
    /// enough: <c>a1_in1k</c>.
    /// </param>
    /// <param name="model">The model that they are for, by its name in the catalogue; null where nothing says it.</param>
    /// <exception cref="ModelException">There are none, or they are of another model; the message names those that may be meant.</exception>
    public static PublishedWeights Find(string name, string? model = null)
    {
        if (model is not null) return OfModel(name, ModelCatalog.Find(model));
        if (name == Default) throw new ModelException($"the default weights of which model? wanted its name, or that of weights ({Listed})");
        if (TryFind(name) is { } exact) return exact;
        if (ModelCatalog.TryFind(name) is { } row) return OfModel(Default, row);
        throw new ModelException($"there are no published weights '{Printable.Of(name)}'{Hint(name)} ({Listed})");
    }

    private const string Listed = "'fovea weights list' lists all";

    private static PublishedWeights OfModel(string name, ModelRow row)
    {
        var all = Of(row.Name);
        if (all.Count == 0)
            throw new ModelException($"no weights for the model '{row.Name}' are known that can be fetched ({Listed}); wanted a file of weights, or none");
        if (name == Default || ModelCatalog.TryFind(name) == row) return all[0];
        if ((TryFind(name) ?? all.FirstOrDefault(weights => weights.Name.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase))) is not { } found)
            throw new ModelException(
                $"there are no published weights '{Printable.Of(name)}' for the model '{row.Name}'{Hint(name)}; there are {Some(all)}");
        return found.Model == row.Name
            ? found
            : throw new ModelException($"the weights '{found.Name}' are for the model '{found.Model}', not for '{row.Name}'; for that there are {Some(all)}");
    }

    private static string Hint(string name) => NearestName.Hint(name, All.Select(weights => weights.Name).Concat(All.Select(weights => weights.Model)));

    private static string Some(IReadOnlyList<PublishedWeights> all)
    {
        const int Most = 5;
        var rest = all.Count > Most ? $" and {all.Count - Most} more" : "";
        return string.Join(", ", all.Take(Most).Select(weights => weights.Name)) + rest;
    }
}
