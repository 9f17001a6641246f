using System.Globalization;
using Fovea.Naming;
using Fovea.Training.Recipes;

namespace Fovea.Recipes.Ablations;

/// <summary>Reads grids, strictly.</summary>
/// <param name="file">Their name in messages.</param>
/// <param name="changes">What replaces values of the base recipe, after the grid's own.</param>
internal sealed class AblationReader(string file, IReadOnlyList<RecipeOverride> changes)
{
    private const int MostRuns = 10_000;
    private const int LongestName = 200;
    private const int LongestTrick = 60;

    private static readonly string[] s_keys = ["base", "set", "tricks", "rows", "seeds", "score"];

    private readonly List<RecipeOverride> _set = [];
    private string _base = "";
    private string _baseFile = "";

    internal AblationGrid Read(string text)
    {
        RecipeReader.CheckLength(text.Length, file);
        var map = RecipeSyntax.Document(text, file);
        if (map.Entries.FirstOrDefault(entry => !s_keys.Contains(entry.Key)) is { } unknown)
        {
            var hint = NearestName.Hint(unknown.Key, s_keys) is { Length: > 0 } near ? near : $"; it has {string.Join(", ", s_keys)}";
            throw new RecipeException($"{unknown.Place}: unknown key '{Shown(unknown.Key)}' in a grid{hint}");
        }

        ReadBase(Wanted(map, "base", "the recipe: a file, or its sections"));
        if (map.Find("set") is { } set) _set.AddRange(AblationChanges.Of(set.Value, "set"));
        _set.AddRange(changes);
        var plain = Recipe([]);
        var tricks = Tricks(Wanted(map, "tricks", "names, and what each sets"), plain);
        var listed = map.Find("rows");
        var rows = Rows(listed, tricks);
        var seeds = map.Find("seeds") is { } given ? Seeds(given.Value) : [plain.Train.Seed];
        var recipes = rows.Select(row => Recipe(row.Changes, row)).ToArray();
        Differ(rows, recipes, (listed ?? map.Find("tricks"))!.Value.Place);
        if ((long)rows.Count * seeds.Count > MostRuns)
            throw new RecipeException(
                $"{(map.Find("seeds") ?? listed ?? map.Find("tricks"))!.Value.Place}: {Amount.Of(rows.Count, "row")} with {Amount.Of(seeds.Count, "seed")} are "
                + $"{(long)rows.Count * seeds.Count} runs; wanted at most {MostRuns}");
        return new()
        {
            Source = file, Base = plain, Tricks = tricks, Rows = rows, Seeds = seeds,
            Score = map.Find("score") is { } score ? Word<AblationScore>(score.Value, "score") : AblationScore.Last,
            Runs = [.. seeds.SelectMany(seed => rows.Index().Select(row => new AblationRun(row.Item, seed, Seeded(recipes[row.Index], seed))))],
        };
    }

    private static TrainRecipe Seeded(TrainRecipe recipe, ulong seed) => recipe with { Train = recipe.Train with { Seed = seed } };

    private static RecipeEntry Wanted(RecipeMap map, string key, string what) =>
        map.Find(key) ?? throw new RecipeException($"{map.Place}: the grid lacks the key '{key}'; wanted {what}");

    private void ReadBase(RecipeEntry entry)
    {
        switch (entry.Value)
        {
            case RecipeMap sections:
                (_base, _baseFile) = (RecipeWriter.Block(sections), $"{file} (base)");
                break;
            case RecipeScalar { IsNull: false, Text: { Length: > 0 } path }:
                _baseFile = Path.Combine(Path.GetDirectoryName(file) ?? "", path);
                _base = RecipeReader.Load(_baseFile);
                break;
            default:
                throw new RecipeException($"{entry.Value.Place}: base is neither a file nor sections; wanted 'base: recipe.yaml', or sections below it");
        }
    }

    private TrainRecipe Recipe(IReadOnlyList<RecipeOverride> more, AblationRow? row = null)
    {
        try
        {
            return RecipeReader.Parse(_base, _baseFile, [.. _set, .. more]);
        }
        catch (RecipeException e) when (row is { Tricks.Count: > 0 })
        {
            throw new RecipeException($"{row.Tricks[^1].Changes[^1].Source}: the row {row.Name} makes no recipe:\n{e.Message}", e);
        }
    }

    private List<AblationTrick> Tricks(RecipeEntry entry, TrainRecipe plain)
    {
        if (entry.Value is not RecipeMap { Entries: [_, ..] all })
            throw new RecipeException($"{entry.Value.Place}: tricks are no map; wanted lines such as 'cutout: augment.transforms[+]=cutout'");
        var before = RecipeWriter.Write(plain);
        var tricks = new List<AblationTrick>();
        foreach (var one in all)
        {
            if (!IsName(one.Key))
                throw new RecipeException(
                    $"{one.Place}: '{Shown(one.Key)}' is no name of a trick; wanted letters, digits, '_', '-' and '.', at most {LongestTrick}, and not 'base'");
            var trick = new AblationTrick(one.Key, AblationChanges.Of(one.Value, $"trick {one.Key}"));
            if (trick.Changes.FirstOrDefault(change => change.Path == "train.seed") is { } seed)
                throw new RecipeException($"{seed.Source}: a trick sets train.seed; wanted 'seeds: [0, 1, 2]' in the grid, for all rows alike");
            if (trick.Changes.Count == 0 || AloneIs(trick, before))
                throw new RecipeException(
                    $"{one.Place}: the trick '{trick.Name}' changes nothing: the base recipe is so already; wanted other values, or no such trick");
            AblationConflicts.Check(trick, trick);
            tricks.Add(trick);
        }

        return tricks;
    }

    /// <summary>A name that folders can be called.</summary>
    private static bool IsName(string text) => text.Length is > 0 and <= LongestTrick && text[0] is not ('.' or '-') && text != AblationGrid.BaseName
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    /// <summary>Whether a recipe with one trick alone is as it was; one that cannot be used alone is another.</summary>
    private bool AloneIs(AblationTrick trick, string before)
    {
        try
        {
            return RecipeWriter.Write(Recipe(new AblationRow([trick]).Changes)) == before;
        }
        catch (RecipeException)
        {
            return false;
        }
    }

    private List<AblationRow> Rows(RecipeEntry? entry, List<AblationTrick> tricks)
    {
        var rows = entry?.Value switch
        {
            null => [.. AblationArrangements.Rows(AblationArrangement.Each, tricks)],
            RecipeList list => [.. list.Items.Select(item => Row(item, tricks))],
            { } word => Arranged(word, tricks),
        };
        if (rows.Count == 0) throw new RecipeException($"{entry!.Value.Place}: rows are none; wanted at least one, as [[], [{tricks[0].Name}]]");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!names.Add(row.Name)) throw new RecipeException($"{entry?.Value.Place ?? file}: the row {row.Name} stands twice; wanted each once");
            if (row.Name.Length > LongestName)
                throw new RecipeException(
                    $"{entry?.Value.Place ?? file}: the name of the row {Shown(row.Name)} has {row.Name.Length} letters; "
                    + $"wanted at most {LongestName}, as folders can have");
            for (var i = 0; i < row.Tricks.Count; i++)
                for (var j = i + 1; j < row.Tricks.Count; j++) AblationConflicts.Check(row.Tricks[i], row.Tricks[j]);
        }

        return rows;
    }

    private static List<AblationRow> Arranged(RecipeNode word, List<AblationTrick> tricks)
    {
        var arrangement = Word<AblationArrangement>(word, "rows", ", or lists of names: [[], [cutout]]");
        if (arrangement == AblationArrangement.Full && tricks.Count > AblationArrangements.MostTricksInFull)
            throw new RecipeException(
                $"{word.Place}: rows are full, of {tricks.Count} tricks; wanted at most {AblationArrangements.MostTricksInFull}, or another arrangement");
        return [.. AblationArrangements.Rows(arrangement, tricks)];
    }

    private static AblationRow Row(RecipeNode node, List<AblationTrick> tricks)
    {
        if (node is not RecipeList list)
            throw new RecipeException($"{node.Place}: a row is no list; wanted names in brackets, as [{tricks[0].Name}], or [] for none");
        var named = new List<string>();
        foreach (var item in list.Items)
        {
            var name = (item as RecipeScalar)?.Text ?? "";
            if (!tricks.Exists(trick => trick.Name == name))
                throw new RecipeException($"{item.Place}: there is no trick '{Shown(name)}'{NearestName.Hint(name, tricks.Select(trick => trick.Name))}");
            if (named.Contains(name)) throw new RecipeException($"{item.Place}: the trick '{name}' stands twice in a row; wanted each once");
            named.Add(name);
        }

        return new([.. tricks.Where(trick => named.Contains(trick.Name))]);
    }

    private static List<ulong> Seeds(RecipeNode node)
    {
        if (node is not RecipeList { Items: [_, ..] items })
            throw new RecipeException(
                $"{node.Place}: seeds are {(node is RecipeList ? "an empty list" : "no list")}; wanted at least one number, as [0, 1, 2]");
        var seeds = new List<ulong>();
        foreach (var item in items)
        {
            var text = (item as RecipeScalar)?.Text ?? "";
            if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
                throw new RecipeException($"{item.Place}: a seed is '{Shown(text)}'; wanted a whole number, not negative");
            if (seeds.Contains(seed)) throw new RecipeException($"{item.Place}: the seed {seed} stands twice; wanted each once");
            seeds.Add(seed);
        }

        return seeds;
    }

    private static T Word<T>(RecipeNode node, string key, string more = "")
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(value => RecipeSchema.EnumName(value), value => value);
        if (node is RecipeScalar { IsPlain: true } scalar && words.TryGetValue(scalar.Text, out var found)) return found;
        var text = (node as RecipeScalar)?.Text ?? "";
        throw new RecipeException(
            $"{node.Place}: {key} is '{Shown(text)}'; wanted {string.Join(" or ", words.Keys)}{more}{NearestName.Hint(text, words.Keys)}");
    }

    private static void Differ(List<AblationRow> rows, TrainRecipe[] recipes, string place)
    {
        var first = new Dictionary<string, AblationRow>(StringComparer.Ordinal);
        foreach (var (i, recipe) in recipes.Index())
        {
            var text = RecipeWriter.Write(recipe);
            if (!first.TryAdd(text, rows[i]))
                throw new RecipeException(
                    $"{place}: the rows {first[text].Name} and {rows[i].Name} come to the same recipe; wanted tricks that change it together, too");
        }
    }

    private static string Shown(string text) => Printable.Line(text, 80);
}
