using System.Globalization;
using Fovea.Naming;
using Fovea.Options;
using Fovea.Training.Recipes;

namespace Fovea.Recipes;

/// <summary>Gives one option of a recipe the value of an override: <c>train.epochs</c>, <c>augment.transforms[1].probability</c>.</summary>
/// <remarks>A list that the recipe does not hold is that of the defaults; <c>[+]</c> adds an item to it.</remarks>
internal sealed class RecipeChange
{
    private readonly RecipeOverride _change;
    private readonly RecipeKinds _kinds;
    private readonly IReadOnlyList<(string Key, string? Index)> _steps;
    private readonly HashSet<string> _earlier;

    /// <param name="change">The change.</param>
    /// <param name="kinds">The alternatives that there are.</param>
    /// <param name="earlier">The changes before it, which it does not undo.</param>
    /// <exception cref="RecipeException">The path is none.</exception>
    internal RecipeChange(RecipeOverride change, RecipeKinds kinds, IEnumerable<RecipeOverride>? earlier = null)
    {
        (_change, _kinds) = (change, kinds);
        _earlier = (earlier ?? []).Select(one => one.Source).ToHashSet(StringComparer.Ordinal);
        _steps = [.. change.Path.Split('.').Select(Step)];
    }

    private string Source => _change.Source;

    /// <summary>Changes a recipe.</summary>
    /// <param name="recipe">The recipe as it is written.</param>
    /// <param name="defaults">What holds where nothing is written.</param>
    /// <exception cref="RecipeException">There is no such section or item.</exception>
    internal void Apply(RecipeMap recipe, object defaults) => Apply(recipe, defaults.GetType(), defaults, 0);

    private void Apply(RecipeMap map, Type type, object? present, int at)
    {
        var (name, index) = _steps[at];
        var isLast = at == _steps.Count - 1;
        if (isLast && index is null)
        {
            if (name == RecipeSchema.Kind) ForgetKind(map, type, present);
            map.Set(new(Source, name, Value()));
            return;
        }

        var section = Section(map, type, present);
        var keys = section is null ? [] : RecipeSchema.Keys(section.GetType());
        var key = keys.FirstOrDefault(key => key.Key == name && (isLast || key.Section is not null))
            ?? throw new RecipeException(
                $"{Source}: there is no section '{Printable.Line(name)}'{NearestName.Hint(name, keys.Where(key => key.Section is not null).Select(key => key.Key))}");
        var defaults = key.Property.GetValue(section);
        if (index is null)
        {
            if (key.Section != key.Type) throw new RecipeException($"{Source}: {name} is a list; wanted {name}[0] for its first item, or {name}[+] to add one");
            var below = Map(map.Find(name)?.Value);
            map.Set(new(Source, name, below));
            Apply(below, key.Type, defaults, at + 1);
        }
        else
        {
            map.Set(new(Source, name, Changed(map.Find(name)?.Value ?? RecipeNodes.Value(defaults, Source), key, index, at)));
        }
    }

    /// <summary>
    /// Of a section that becomes another kind: what kinds have in common stays, and what a change before has set; options of the kind that it was go.
    /// </summary>
    private void ForgetKind(RecipeMap map, Type type, object? present)
    {
        var was = map.Find(RecipeSchema.Kind)?.Value is RecipeScalar kind ? _kinds.Find(type, kind.Text) : present as IAlternative;
        if (was is null || was.Kind == (Value() as RecipeScalar)?.Text || RecipeSchema.SectionOf(type) is not { } section) return;
        var shared = RecipeSchema.Keys(section).Select(key => key.Key).ToArray();
        foreach (var key in RecipeSchema.Keys(was.GetType()).Select(key => key.Key).Except(shared))
            if (map.Find(key) is { } entry && !_earlier.Contains(entry.Place)) map.Remove(key);
    }

    /// <summary>A list with one item changed or added.</summary>
    private RecipeList Changed(RecipeNode node, RecipeKey key, string index, int at)
    {
        if (node is not RecipeList list) throw new RecipeException($"{Source}: {key.Key} is no list; wanted {key.Key}=…");
        var isLast = at == _steps.Count - 1;
        List<RecipeNode> items = [.. list.Items];
        if (index == "+")
        {
            items.Add(isLast ? Value() : Added(key.Section!, at + 1));
            return new(Source, items);
        }

        if (!int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i) || i >= items.Count)
            throw new RecipeException($"{Source}: there is no {key.Key}[{Printable.Line(index)}]; wanted {Indices(key.Key, items.Count)}");
        if (isLast)
        {
            items[i] = Value();
        }
        else
        {
            var below = Map(items[i]);
            items[i] = below;
            Apply(below, key.Section!, null, at + 1);
        }

        return new(Source, items);
    }

    /// <summary>A new item of which one key is said.</summary>
    private RecipeMap Added(Type type, int at)
    {
        var item = new RecipeMap(Source);
        if (type.IsAbstract && _steps[at] is (RecipeSchema.Kind, null)) item.Set(new(Source, RecipeSchema.Kind, Value()));
        else Apply(item, type, null, at);
        return item;
    }

    private static string Indices(string key, int count) => count switch
    {
        0 => $"{key}[+] to add the first item",
        1 => $"{key}[0], or {key}[+] to add an item",
        _ => $"{key}[0] to {key}[{count - 1}], or {key}[+] to add an item",
    };

    private RecipeNode Value() => RecipeSyntax.Value(_change.Value, Source);

    /// <summary>What a section is that is written as a map, as the name of a kind, or not at all.</summary>
    private RecipeMap Map(RecipeNode? node)
    {
        if (node is RecipeMap map) return map;
        var made = new RecipeMap(Source);
        if (node is RecipeScalar { IsNull: false }) made.Set(new(Source, RecipeSchema.Kind, node));
        return made;
    }

    /// <summary>The defaults of the section that a map is; null where it names no alternative.</summary>
    private object? Section(RecipeMap map, Type type, object? present) =>
        map.Find(RecipeSchema.Kind)?.Value is RecipeScalar kind && _kinds.Find(type, kind.Text) is { } named ? named
            : present ?? (type.IsAbstract ? null : Activator.CreateInstance(type));

    private (string Key, string? Index) Step(string text)
    {
        var at = text.IndexOf('[', StringComparison.Ordinal);
        if (at < 0) return (text, null);
        return at > 0 && text[^1] == ']' ? (text[..at], text[(at + 1)..^1])
            : throw new RecipeException($"{Source}: '{Printable.Line(text)}' is no key; wanted words with dots between them, as in augment.transforms[1].probability");
    }
}
