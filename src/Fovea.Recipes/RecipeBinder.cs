using System.Collections;
using System.Globalization;
using System.Numerics;
using Fovea.Naming;
using Fovea.Options;
using Fovea.Training.Recipes;

namespace Fovea.Recipes;

/// <summary>Turns nodes into option records, strictly; what does not fit is collected, one line each.</summary>
/// <param name="kinds">The alternatives that there are.</param>
internal sealed class RecipeBinder(RecipeKinds kinds)
{
    private const int MostListed = 20;
    private const int MostItems = 16;
    private const int MostSections = 256;
    private const int LongestShown = 80;

    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);

    private readonly List<string> _problems = [];
    private int _unlisted;

    /// <summary>The first of them.</summary>
    internal IReadOnlyList<string> Problems => _problems;

    /// <summary>How many more there are, as a sentence; empty where there are none.</summary>
    internal string Unlisted => _unlisted == 0 ? "" : $"and {Amount.Of(_unlisted, "more problem")}";

    /// <summary>Where each option that was given stands, by its path (<c>optimizer.momentum</c>).</summary>
    internal IReadOnlyDictionary<string, string> Places => _places;

    /// <summary>The options whose values could not be taken, by their paths: they have others than those that were given.</summary>
    internal IReadOnlySet<string> Unread => _unread;

    /// <summary>A section with the values of a map.</summary>
    /// <param name="map">The values.</param>
    /// <param name="present">The section whose values stay where the map has none; null for the defaults.</param>
    /// <param name="type">The type of the section, of which <paramref name="present"/> is one.</param>
    /// <param name="path">Where the section stands in the recipe, "" for the whole.</param>
    /// <returns>The section; <paramref name="present"/> where the map does not say which alternative it is.</returns>
    internal object? Section(RecipeMap map, object? present, Type type, string path)
    {
        var alternatives = kinds.Of(type);
        if (alternatives.Count > 0) present = Alternative(map, present, alternatives, path);
        else present ??= Activator.CreateInstance(type);
        if (present is null || IsOfUnknownKind(map, alternatives)) return present;
        var section = Activator.CreateInstance(present.GetType())!;
        var keys = RecipeSchema.Keys(present.GetType());
        foreach (var key in keys) key.Property.SetValue(section, key.Property.GetValue(present));
        foreach (var entry in map.Entries.Where(entry => alternatives.Count == 0 || entry.Key != RecipeSchema.Kind))
        {
            if (keys.FirstOrDefault(key => key.Key == entry.Key) is { } key) Bind(key, entry, section, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}");
            else Unknown(entry, keys, section, alternatives, path);
        }

        return section;
    }

    /// <summary>Keeps a problem; it is worded only if it is to be shown, since what looks for near names takes time.</summary>
    /// <param name="problem">Words it.</param>
    /// <param name="path">The option that has another value for it; "" where that is none.</param>
    private void Add(Func<string> problem, string path = "")
    {
        if (path.Length > 0) _unread.Add(path);
        if (_problems.Count < MostListed) _problems.Add(Printable.Line(problem()));
        else _unlisted++;
    }

    private void Unknown(RecipeEntry entry, IReadOnlyList<RecipeKey> keys, object section, IReadOnlyList<IAlternative> alternatives, string path)
    {
        var where = path.Length == 0 ? "the recipe" : path;
        if (section is IAlternative { Kind: var kind }) where += $" of kind {kind}";
        Add(() => $"{entry.Place}: unknown key '{Cut(entry.Key)}' in {where}{KeyHint(entry.Key, keys, alternatives)}");
    }

    /// <summary>What may have been meant by a key that a section does not have.</summary>
    private static string KeyHint(string key, IReadOnlyList<RecipeKey> keys, IReadOnlyList<IAlternative> alternatives)
    {
        if (key.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            return $"; wanted a blank after the colon: {Cut(key[..colon])}: {Cut(key[(colon + 1)..])}";
        if (NearestName.Hint(key, keys.Select(known => known.Key)) is { Length: > 0 } near) return near;
        var others = alternatives.Where(kind => RecipeSchema.Keys(kind.GetType()).Any(known => known.Key == key)).ToArray();
        if (others.Length > 0) return $"; kind {Names(others)} has it: say which, as kind: {others[0].Kind}";
        return keys.Count == 0 ? "; it has none" : $"; it has {string.Join(", ", keys.Select(known => known.Key))}";
    }

    private static string Cut(string text) => Printable.Line(text, LongestShown);

    private void Bind(RecipeKey key, RecipeEntry entry, object section, string path)
    {
        _places[path] = entry.Place;
        var present = key.Property.GetValue(section);
        if (key.Section is { } below)
        {
            var isOne = below == key.Type;
            key.Property.SetValue(section, isOne ? Below(entry.Value, below, present, key.IsNullable, path) : Sections(entry.Value, below, present, path));
        }
        else if (key.IsNullable && entry.Value is RecipeScalar { IsNull: true }) key.Property.SetValue(section, null);
        else if (TryValue(entry.Value, key.Type, out var value)) key.Property.SetValue(section, value);
        else Add(() => Misfit(path, entry.Value, key.Type), path);
    }

    /// <summary>What is wrong with a value; of a list, with the first item that does not fit.</summary>
    private static string Misfit(string path, RecipeNode node, Type type)
    {
        if (node is not RecipeList list || RecipeSchema.ElementOf(type) is not { } element)
            return $"{node.Place}: {path} {Shown(node)}; wanted {Wanted(type, node)}{ValueHint(node, type)}";
        var i = list.Items.TakeWhile(item => TryValue(item, element, out _)).Count();
        return Misfit(FormattableString.Invariant($"{path}[{i}]"), list.Items[i], element);
    }

    /// <summary>The section that a key holds: from a map, by the name of its kind alone, or none.</summary>
    private object? Below(RecipeNode node, Type type, object? present, bool isNullable, string path)
    {
        if (node is RecipeMap map) return Section(map, present, type, path);
        var alternatives = kinds.Of(type);
        if (node is RecipeScalar { IsNull: true } && isNullable) return null;
        if (node is RecipeScalar scalar && alternatives.FirstOrDefault(alternative => alternative.Kind == scalar.Text) is { } named) return named;
        var wanted = alternatives.Count == 0
            ? $"keys below it: {string.Join(", ", RecipeSchema.Keys(type).Select(key => key.Key))}"
            : $"{Names(alternatives)}, or keys below it: {RecipeSchema.Kind}, …"
                + NearestName.Hint((node as RecipeScalar)?.Text ?? "", alternatives.Select(kind => kind.Kind));
        Add(() => $"{node.Place}: {path} {Shown(node)}; wanted {wanted}", path);
        return present;
    }

    private object? Sections(RecipeNode node, Type type, object? present, string path)
    {
        if (node is not RecipeList { Items.Count: <= MostSections } list)
        {
            var wanted = $"a list of at most {MostSections}: each item {(kinds.Of(type) is { Count: > 0 } all ? Names(all) : "a map")}";
            Add(() => $"{node.Place}: {path} {Shown(node)}; wanted {wanted}", path);
            return present;
        }

        var items = new List<object>();
        foreach (var item in list.Items)
        {
            var place = $"{path}[{items.Count}]";
            _places[place] = item.Place;
            if (Below(item, type, null, isNullable: false, place) is not { } section) return present;
            items.Add(section);
        }

        // Records compare lists by reference: an empty one stays the one that is there.
        if (items.Count == 0 && present is ICollection { Count: 0 }) return present;
        var sections = Array.CreateInstance(type, items.Count);
        for (var i = 0; i < items.Count; i++) sections.SetValue(items[i], i);
        return sections;
    }

    /// <summary>Whether a map names an alternative that is none; what else it says cannot be judged.</summary>
    private static bool IsOfUnknownKind(RecipeMap map, IReadOnlyList<IAlternative> alternatives) =>
        alternatives.Count > 0 && map.Find(RecipeSchema.Kind) is { } entry
        && alternatives.All(alternative => alternative.Kind != (entry.Value as RecipeScalar)?.Text);

    /// <summary>The alternative that a map names, with its defaults; the present one where it names that one or none.</summary>
    private object? Alternative(RecipeMap map, object? present, IReadOnlyList<IAlternative> alternatives, string path)
    {
        if (map.Find(RecipeSchema.Kind) is not { } entry)
        {
            if (present is null) Add(() => $"{map.Place}: {path} lacks the key 'kind'; wanted {Names(alternatives)}");
            return present;
        }

        var text = (entry.Value as RecipeScalar)?.Text ?? "";
        if (text == (present as IAlternative)?.Kind) return present;
        if (alternatives.FirstOrDefault(alternative => alternative.Kind == text) is { } named) return named;
        var hint = NearestName.Hint(text, alternatives.Select(alternative => alternative.Kind));
        Add(() => $"{entry.Value.Place}: {path}.kind {Shown(entry.Value)}; wanted {Names(alternatives)}{hint}", $"{path}.{RecipeSchema.Kind}");
        return present;
    }

    private static string Names(IReadOnlyList<IAlternative> alternatives) => alternatives.Count < 2
        ? string.Concat(alternatives.Select(alternative => alternative.Kind))
        : $"{string.Join(", ", alternatives.SkipLast(1).Select(alternative => alternative.Kind))} or {alternatives[^1].Kind}";

    private static bool TryValue(RecipeNode node, Type type, out object? value)
    {
        value = null;
        if (Nullable.GetUnderlyingType(type) is { } inner) return node is RecipeScalar { IsNull: true } || TryValue(node, inner, out value);
        if (RecipeSchema.ElementOf(type) is { } element) return node is RecipeList list && TryList(list, element, out value);
        if (node is not RecipeScalar { IsNull: false } scalar)
            return node is RecipeScalar { IsPlain: false } && type == typeof(string) && TryScalar((RecipeScalar)node, type, out value);
        return TryScalar(scalar, type, out value);
    }

    private static bool TryList(RecipeList list, Type element, out object? value)
    {
        var items = Array.CreateInstance(element, list.Items.Count);
        value = items;
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (!TryValue(list.Items[i], element, out var item)) return false;
            items.SetValue(item, i);
        }

        return true;
    }

    private static bool TryScalar(RecipeScalar scalar, Type type, out object? value)
    {
        var text = scalar.Text;
        value = null;
        if (type == typeof(string)) value = text;
        else if (type.IsEnum) value = Enum.GetValues(type).Cast<object>().FirstOrDefault(item => RecipeSchema.EnumName(item) == text);
        else if (!scalar.IsPlain) return false;
        else if (type == typeof(bool)) value = text switch { "true" => true, "false" => false, _ => null };
        else if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i)) value = i;
        else if (type == typeof(ulong) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var u)) value = u;
        else if (type == typeof(double) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var d) && double.IsFinite(d)) value = d;
        return value is not null;
    }

    private static string Shown(RecipeNode node) => node switch
    {
        RecipeScalar { IsNull: true } => "has no value",
        RecipeScalar { IsPlain: false } scalar => $"is the text '{Cut(scalar.Text)}'",
        RecipeScalar scalar => $"is '{Cut(scalar.Text)}'",
        RecipeList { Items.Count: <= MostItems } list when list.Items.All(item => item is RecipeScalar) =>
            $"is [{string.Join(", ", list.Items.Select(item => Cut(((RecipeScalar)item).Text)))}]",
        RecipeList list => $"is a list of {list.Items.Count}",
        _ => "is a map",
    };

    private static string Wanted(Type type, RecipeNode node)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return $"{Wanted(inner, node)}, or null";
        if (RecipeSchema.ElementOf(type) is { } element) return $"a list: each item {Wanted(element, node)}";
        if (type.IsEnum) return string.Join(" or ", Enum.GetValues(type).Cast<object>().Select(RecipeSchema.EnumName));
        if (type == typeof(int)) return "a whole number";
        if (type == typeof(ulong)) return "a whole number, not negative";
        if (type == typeof(double)) return node is RecipeScalar { Text: var text } && IsEndless(text) ? "a finite number" : "a number";
        return type == typeof(bool) ? "true or false" : "a text";
    }

    /// <summary>Whether a word is infinity or no number, as YAML or .NET spells them, or a number too large for one.</summary>
    private static bool IsEndless(string text) =>
        text.TrimStart('+', '-').ToLowerInvariant() is ".inf" or ".nan" or "inf" or "nan"
        || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !double.IsFinite(number));

    private static string ValueHint(RecipeNode node, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (node is not RecipeScalar { IsNull: false } scalar) return "";
        if (RecipeSchema.ElementOf(type) is not null) return ListHint(scalar, type);
        if (type.IsEnum) return NearestName.Hint(scalar.Text, Enum.GetValues(type).Cast<object>().Select(RecipeSchema.EnumName));
        if (!scalar.IsPlain || !BigInteger.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var number)) return "";
        return type == typeof(int) ? $", at most {int.MaxValue} in size"
            : type == typeof(ulong) && number > ulong.MaxValue ? $", at most {ulong.MaxValue}" : "";
    }

    /// <summary>The list that a word may have been meant for.</summary>
    private static string ListHint(RecipeScalar scalar, Type type)
    {
        bool IsOne(string text)
        {
            try
            {
                return RecipeSyntax.Value(text, "") is RecipeList list && TryValue(list, type, out _);
            }
            catch (RecipeException)
            {
                return false;
            }
        }

        if (IsOne(scalar.Text)) return $", as in {Cut(scalar.Text)} without quotes";
        string[] spellings = [$"[{scalar.Text}]", RecipeWriter.Value(new[] { scalar.Text })];
        return Array.Find(spellings, IsOne) is { } example ? $", as in {Cut(example)}" : "";
    }
}
