using Fovea.Models.Building;
using Fovea.Models.ImageNet;

namespace Fovea.Models.Parity;

/// <summary>Which model of the catalogue a fixture is about, and in whose spelling its tensors are named.</summary>
/// <param name="Row">The model.</param>
/// <param name="Names">The fixture's spelling; null for the catalogue's own.</param>
public sealed record FixtureModel(ModelRow Row, NameMap? Names)
{
    private const string OfficialPrefix = "official_";
    private const string CustomPrefix = "repvgg_custom_";
    private const string TorchvisionPrefix = "tv_";

    /// <summary>The model of a fixture, by its id.</summary>
    /// <exception cref="ModelException">The catalogue does not have it.</exception>
    public static FixtureModel Find(string id) => TryFind(id) ?? throw new ModelException($"the catalogue has no model for the fixture '{id}'");

    /// <summary>The model of a fixture, or null.</summary>
    public static FixtureModel? TryFind(string id)
    {
        if (id.StartsWith(OfficialPrefix, StringComparison.Ordinal)) return Of(id[OfficialPrefix.Length..], RepVgg.Official);
        if (id.StartsWith(CustomPrefix, StringComparison.Ordinal)) return Of($"repvgg_{id[CustomPrefix.Length..]}", RepVgg.Official);
        return Of(id.StartsWith(TorchvisionPrefix, StringComparison.Ordinal) ? id[TorchvisionPrefix.Length..] : id, names: null);
    }

    /// <summary>The catalogue's name of a tensor of the fixture.</summary>
    public string ToCatalogue(string name) => Names?.ToCatalogue(name) ?? name;

    /// <summary>The fixture's name of a tensor of the catalogue.</summary>
    public string FromCatalogue(string name) => Names?.FromCatalogue(name) ?? name;

    private static FixtureModel? Of(string name, NameMap? names) => ModelCatalog.TryFind(name) is { } row ? new(row, names) : null;
}
