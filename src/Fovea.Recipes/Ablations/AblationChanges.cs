using Fovea.Naming;
using Fovea.Training.Recipes;

namespace Fovea.Recipes.Ablations;

/// <summary>What a trick sets, from its YAML.</summary>
internal static class AblationChanges
{
    /// <summary>
    /// The changes of <c>KEY=VALUE</c>, of a list of such, or of sections: a map that names its kind replaces a section, another goes into it.
    /// </summary>
    /// <param name="node">The YAML.</param>
    /// <param name="owner">Who wants them, for messages.</param>
    /// <exception cref="RecipeException">It is none of these.</exception>
    internal static IReadOnlyList<RecipeOverride> Of(RecipeNode node, string owner) => node switch
    {
        RecipeMap map => [.. Sections(map, "", owner)],
        RecipeList list => [.. list.Items.Select(item => Assignment(item, owner))],
        _ => [Assignment(node, owner)],
    };

    private static RecipeOverride Assignment(RecipeNode node, string owner)
    {
        var text = (node as RecipeScalar)?.Text ?? "";
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? new(Source(node, owner), text[..at].Trim(), text[(at + 1)..].Trim())
            : throw new RecipeException(
                $"{Source(node, owner)}: {(text.Length > 0 ? $"'{Printable.Line(text, 80)}' sets nothing" : "this sets nothing")}; "
                + "wanted KEY=VALUE, as optimizer.learning_rate=0.2, a list of such, or sections");
    }

    private static IEnumerable<RecipeOverride> Sections(RecipeMap map, string path, string owner)
    {
        foreach (var entry in map.Entries)
        {
            var below = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
            if (entry.Value is RecipeMap section && section.Find(RecipeSchema.Kind) is null && !entry.Key.EndsWith(']'))
            {
                foreach (var change in Sections(section, below, owner)) yield return change;
            }
            else
            {
                yield return new(Source(entry.Value, owner), below, RecipeWriter.Flow(entry.Value));
            }
        }
    }

    private static string Source(RecipeNode node, string owner) => $"{node.Place} ({owner})";
}
