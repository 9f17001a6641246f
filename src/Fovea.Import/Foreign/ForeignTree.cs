using System.Globalization;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Import.Foreign;

/// <summary>The keys and values of a foreign file.</summary>
/// <param name="Source">The file.</param>
/// <param name="Root">What it holds.</param>
internal sealed record ForeignTree(ForeignText Source, RecipeMap Root)
{
    /// <summary>The file, for messages.</summary>
    internal string File => Source.File;

    /// <summary>The line at which something stands, as a number from 1; the place itself where that is a flag.</summary>
    internal string LineOf(string place)
    {
        if (!place.StartsWith(File + ':', StringComparison.Ordinal)) return place;
        var rest = place.AsSpan(File.Length + 1);
        return rest.IndexOf(':') is > 0 and var end ? rest[..end].ToString() : rest.ToString();
    }

    /// <summary>Gives a key another value: <c>a.b.0.c</c> walks through maps and lists; maps that are not there are made.</summary>
    /// <exception cref="RecipeException">There is no such place.</exception>
    internal void Apply(RecipeOverride change)
    {
        var steps = change.Path.Split('.');
        if (steps.Any(step => step.Length == 0)) throw new RecipeException($"{change.Source}: wanted keys with dots between them, as in a.b.0.c=VALUE");
        Changed(Root, steps, change);
    }

    private static RecipeNode Changed(RecipeNode node, ReadOnlySpan<string> steps, RecipeOverride change)
    {
        if (steps.Length == 0) return RecipeSyntax.Value(change.Value, change.Source);
        switch (node)
        {
            case RecipeMap map:
                var below = map.Find(steps[0]) ?? new RecipeEntry(change.Source, steps[0], new RecipeMap(change.Source));
                map.Set(new(steps.Length == 1 ? change.Source : below.Place, steps[0], Changed(below.Value, steps[1..], change)));
                return map;
            case RecipeList list when int.TryParse(steps[0], NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < list.Items.Count:
                List<RecipeNode> items = [.. list.Items];
                items[i] = Changed(items[i], steps[1..], change);
                return new RecipeList(list.Place, items);
            case RecipeList list:
                throw new RecipeException(
                    $"{change.Source}: there is no item '{Printable.Line(steps[0])}' of {list.Items.Count}; wanted 0 to {list.Items.Count - 1}");
            default:
                throw new RecipeException($"{change.Source}: '{Printable.Line(steps[0])}' is below a value; wanted a key below a section");
        }
    }
}
