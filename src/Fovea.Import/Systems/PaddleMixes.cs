using Fovea.Import.Foreign;
using Fovea.Recipes;

namespace Fovea.Import.Systems;

/// <summary>What PaddleClas makes of several images of a batch: one operator, or by chance one of several.</summary>
internal static class PaddleMixes
{
    private const string Choice = "OpSampler";

    private static readonly IReadOnlyDictionary<string, (string Kind, double Alpha)> s_kinds = new Dictionary<string, (string, double)>
    {
        ["MixupOperator"] = ("mixup", 1), ["CutmixOperator"] = ("cutmix", 0.2), ["FmixOperator"] = ("fmix", 1),
    };

    internal static void Translate(Translation translation, IEnumerable<(string Path, ForeignValue Name, RecipeMap? Map)> items)
    {
        foreach (var (path, name, map) in items.ToList())
        {
            if (name.Text != Choice) One(translation, path, name, map, isChoice: false);
            else
                foreach (var entry in map?.Entries ?? []) Chosen(translation, $"{path}.{entry.Key}", entry);
        }
    }

    private static void Chosen(Translation translation, string path, RecipeEntry entry)
    {
        if (entry.Value is not (RecipeMap or RecipeScalar { IsNull: true })) translation.Problem(entry.Value.Place, $"{path} is no section; wanted keys below it");
        var map = entry.Value is RecipeMap { Entries.Count: > 0 } full ? full : null;
        One(translation, path, new(ForeignKey.Text(entry.Key), path, entry.Place, entry.Key), map, isChoice: true);
    }

    private static void One(Translation translation, string path, ForeignValue name, RecipeMap? map, bool isChoice)
    {
        if (!s_kinds.TryGetValue(name.Text, out var kind))
        {
            translation.Refuse(name, $"images are not mixed by '{name.Text}'; there are {string.Join(", ", s_kinds.Keys)}");
            translation.Rest(path, ImportOutcome.Impossible, "of an operator that is not here");
            return;
        }

        var mix = new ForeignSection(
            translation, path, map, [ForeignKey.Number("alpha", kind.Alpha), ForeignKey.Number("prob", isChoice ? 0 : 1), ForeignKey.Number("decay_power", 3)]);
        var item = translation.Draft.Add("augment.mixing", kind.Kind, name.Place);
        translation.Set(mix["alpha"], $"{item}.alpha", mix["alpha"].Number);
        translation.Set(mix["prob"], $"{item}.probability", mix["prob"].Number);
        if (kind.Kind == "fmix") translation.Set(mix["decay_power"], $"{item}.decay", mix["decay_power"].Number);
        if (map is null) translation.Rest(path, ImportOutcome.Translated, $"{item}.kind={kind.Kind}");
        mix.Rest($"{name.Text} does not read it");
    }
}
