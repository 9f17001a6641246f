using Fovea.Models.Building;
namespace Fovea.Models.Parity;

/// <summary>Which model of the catalogue a fixture is about, and in whose spelling its tensors are named.</summary>
/// <param name="Row">The model.</param>
/// <param name="Names">The fixture's spelling; null for the catalogue's own.</param>
public sealed record FixtureModel(ModelRow Row, NameMap? Names)
{
    private const string OfficialPrefix = "official_";
    private const string CustomPrefix = "repvgg_custom_";
    private const string TorchvisionPrefix = "tv_";
    private const string OfficialNames = "official";

    /// <summary>The model of a fixture, by its id.</summary>
    /// <exception cref="ModelException">The catalogue does not have it.</exception>
    public static FixtureModel Find(string id) => TryFind(id) ?? throw new ModelException($"the catalogue has no model for the fixture '{id}'");

    /// <summary>The model of a fixture, or null.</summary>
    public static FixtureModel? TryFind(string id)
    {
        if (id.StartsWith(OfficialPrefix, StringComparison.Ordinal)) return Of(id[OfficialPrefix.Length..], OfficialNames);
        if (id.StartsWith(CustomPrefix, StringComparison.Ordinal)) return Of($"repvgg_{id[CustomPrefix.Length..]}", OfficialNames);
        return Of(id.StartsWith(TorchvisionPrefix, StringComparison.Ordinal) ? id[TorchvisionPrefix.Length..] : id, names: null);
    }

    /// <summary>The catalogue's name of a tensor of the fixture.</summary>
    public string ToCatalogue(string name) => Names?.ToCatalogue(name) ?? name;

    /// <summary>The fixture's name of a tensor of the catalogue.</summary>
    public string FromCatalogue(string name) => Names?.FromCatalogue(name) ?? name;

    /// <summary>The fixture's names of all tensors of the model, beside the catalogue's, in the fixture's order.</summary>
    public IReadOnlyList<(string Ours, string Theirs)> FromCatalogue(IReadOnlyList<string> ours) =>
        Names?.FromCatalogue(ours) ?? [.. ours.Select(name => (name, name))];

    private static FixtureModel? Of(string name, string? names)
    {
        if (ModelCatalog.TryFind(name) is not { } row) return null;
        var map = row.OtherNames.FirstOrDefault(map => map.Name == names);
        return names is null || map is not null ? new(row, map) : null;
    }
}
