using System.Globalization;
using Fovea.Naming;
using Fovea.Recipes;

namespace Fovea.Import.Foreign;

/// <summary>One import while it goes on: the recipe that grows, and what became of each key.</summary>
/// <param name="tree">The foreign file.</param>
/// <param name="options">What the import was told.</param>
internal sealed class Translation(ForeignTree tree, ImportOptions options)
{
    private const int LongestValue = 60;
    private const int MostProblems = 20;
    private const string System = "(always)";

    private readonly Dictionary<string, (ImportOutcome Outcome, string Text)> _answers = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, ImportLine> _defaults = new(StringComparer.Ordinal);
    private readonly ForeignLeaves _leaves = new(tree.Root);
    private readonly List<string> _problems = [];
    private readonly List<string> _refusals = [];
    private int _unlisted;

    /// <summary>The recipe.</summary>
    internal RecipeDraft Draft { get; } = new(tree.File);

    /// <summary>The foreign file.</summary>
    internal ForeignTree Tree => tree;

    /// <summary>What the import was told.</summary>
    internal ImportOptions Options => options;

    /// <summary>What is wrong with the file, a line each.</summary>
    internal IReadOnlyList<string> Problems =>
        _unlisted == 0 ? _problems : [.. _problems, $"and {Amount.Of(_unlisted, "more problem")}"];

    /// <summary>What stands against a recipe at all, a line each: a model or a loss that is not here.</summary>
    internal IReadOnlyList<string> Refusals => _refusals;

    /// <summary>Gives an option the value of a key, or one that follows from it.</summary>
    /// <param name="from">The key.</param>
    /// <param name="path">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="note">Figures, or what differs; empty for nothing.</param>
    internal void Set(ForeignValue from, string path, object? value, string note = "")
    {
        Draft.Set(path, value, from.IsGiven ? from.Place : tree.File);
        Answer(from, ImportOutcome.Translated, $"{path}={RecipeWriter.Value(value)}{(note.Length > 0 ? $" ({note})" : "")}");
    }

    /// <summary>Adds an item to a list because of a key; the path of the item.</summary>
    internal string Add(ForeignValue from, string list, string kind, string note = "")
    {
        var path = Draft.Add(list, kind, from.IsGiven ? from.Place : tree.File);
        Answer(from, ImportOutcome.Translated, $"{path}.kind={kind}{(note.Length > 0 ? $" ({note})" : "")}");
        return path;
    }

    /// <summary>Gives an option the value that the system always has, whatever its file says.</summary>
    internal void Always(string path, object? value, string why)
    {
        Draft.Set(path, value, tree.File);
        _defaults[path] = new(System, ImportLine.Default, "", ImportOutcome.Translated, $"{path}={RecipeWriter.Value(value)} ({why})");
    }

    /// <summary>A key that says what the recipe does anyway.</summary>
    internal void Same(ForeignValue from, string text) => Answer(from, ImportOutcome.Translated, text);

    /// <summary>A key that has no meaning here, or none beside the others.</summary>
    internal void Idle(ForeignValue from, string why) => Answer(from, ImportOutcome.Meaningless, why);

    /// <summary>A key that asks for what cannot be done here; the recipe goes without it.</summary>
    internal void Cannot(ForeignValue from, string what) => Answer(from, ImportOutcome.Impossible, what);

    /// <summary>A key that asks for what cannot be done here, without which there is no recipe.</summary>
    internal void Refuse(ForeignValue from, string what)
    {
        Cannot(from, what);
        _refusals.Add($"{(from.IsGiven ? from.Place : tree.File)}: {from.Path}: {what}");
    }

    /// <summary>All keys at a path and below it that nobody has answered.</summary>
    internal void Rest(string path, ImportOutcome outcome, string why)
    {
        foreach (var leaf in _leaves.Below(path)) _answers.TryAdd(leaf.Path, (outcome, why));
    }

    /// <summary>Something is wrong with the file.</summary>
    internal void Problem(string place, string text) => Problem(place, () => text);

    /// <summary>Something is wrong with the file; of more than are listed the text is not made.</summary>
    internal void Problem(string place, Func<string> text)
    {
        if (_problems.Count < MostProblems) _problems.Add($"{place}: {text()}");
        else _unlisted++;
    }

    /// <summary>A key has a value that the system has not.</summary>
    internal void Wrong(ForeignValue from, string wanted) =>
        Problem(
            from.IsGiven ? from.Place : tree.File,
            () => $"{from.Path} is '{Printable.Short(from.Value is string text ? text : RecipeWriter.Value(from.Value), LongestValue)}'; wanted {wanted}");

    /// <summary>The first key at a path and below it; null for none.</summary>
    internal ForeignLeaf? FirstBelow(string path) => _leaves.Below(path).FirstOrDefault();

    /// <summary>What became of each key, in the order of the file, then of those that it leaves out.</summary>
    internal IReadOnlyList<ImportLine> Lines() =>
    [
        .. _leaves.All.Where(leaf => _answers.ContainsKey(leaf.Path))
            .Select(leaf => new ImportLine(
                Printable.Line(leaf.Path, 200), tree.LineOf(leaf.Place), Shown(leaf.Value), _answers[leaf.Path].Outcome, _answers[leaf.Path].Text)),
        .. _defaults.Values,
    ];

    /// <summary>The keys that nobody has answered.</summary>
    internal IEnumerable<ForeignLeaf> Unanswered() => _leaves.All.Where(leaf => !_answers.ContainsKey(leaf.Path));

    /// <summary>A number as messages have it.</summary>
    internal static string Figure(double number) => number.ToString("G6", CultureInfo.InvariantCulture);

    private void Answer(ForeignValue from, ImportOutcome outcome, string text)
    {
        if (!from.IsGiven)
        {
            // Of a default only what it changes is told.
            if (outcome != ImportOutcome.Meaningless)
                _defaults[from.Path] = _defaults.TryGetValue(from.Path, out var told)
                    ? told with { Text = $"{told.Text}; {text}" }
                    : new(from.Path, ImportLine.Default, RecipeWriter.Value(from.Value), outcome, text);
            return;
        }

        _answers[from.Path] = _answers.TryGetValue(from.Path, out var before)
            ? ((ImportOutcome)Math.Max((int)before.Outcome, (int)outcome), $"{before.Text}; {text}")
            : (outcome, text);
    }

    private static string Shown(RecipeNode value) =>
        Printable.Line(value is RecipeScalar scalar ? scalar.Text : RecipeWriter.Flow(value), LongestValue);
}
