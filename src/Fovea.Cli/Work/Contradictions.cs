using Fovea.Cli.Usage;
using Fovea.Recipes;

namespace Fovea.Cli.Work;

/// <summary>Flags that say of one option of a recipe this and that.</summary>
internal static class Contradictions
{
    /// <summary>Refuses flags beside others that give an option another value.</summary>
    /// <param name="flags">What flags of their own set.</param>
    /// <param name="others">What <c>--set</c> and other flags set; of several <c>--set</c> the last one holds.</param>
    /// <exception cref="UsageException">Two contradict each other.</exception>
    internal static void Check(IReadOnlyList<RecipeOverride> flags, IReadOnlyList<RecipeOverride> others)
    {
        foreach (var flag in flags)
        {
            if (others.FirstOrDefault(other => Says(other, flag)) is { } other)
                throw new UsageException($"{flag.Source} and {other.Source} contradict each other; wanted one of them");
        }
    }

    /// <summary>Whether a <c>--set</c> gives another value to what a flag sets, by its key or within a section: <c>optimizer={learning_rate: 1}</c>.</summary>
    private static bool Says(RecipeOverride set, RecipeOverride flag)
    {
        if (set.Path == flag.Path) return set.Value.Trim() != flag.Value.Trim();
        if (!flag.Path.StartsWith($"{set.Path}.", StringComparison.Ordinal)) return false;
        var key = flag.Path[(set.Path.Length + 1)..];
        return set.Value.Split(['{', ',', '}'], StringSplitOptions.TrimEntries)
            .Any(entry => entry.StartsWith($"{key}:", StringComparison.Ordinal) && entry[(key.Length + 1)..].Trim() != flag.Value.Trim());
    }
}
