using Fovea.Data.Sources;
using Fovea.Naming;
using Fovea.Paths;
using Fovea.Training.Recipes;

namespace Fovea.Recipes;

/// <summary>Recipes from YAML. Precedence: defaults, then the file, then what the command line sets.</summary>
public static class RecipeReader
{
    private const string Recipe = "recipe";
    private const int Longest = 1 << 20;

    /// <summary>The recipe of a file, or one that is shipped.</summary>
    /// <param name="path">
    /// The file; or, where there is no such file, the name of one of <see cref="ShippedRecipes"/>; null for none, that is, the defaults.
    /// </param>
    /// <param name="overrides">What replaces values of the file, in order.</param>
    /// <exception cref="RecipeException">The file is missing or not a recipe, or options are out of range; a line for each problem.</exception>
    public static TrainRecipe Read(string? path, params IReadOnlyList<RecipeOverride> overrides) => Read(path, RecipeKinds.Default, overrides);

    /// <inheritdoc cref="Read(string?, IReadOnlyList{RecipeOverride})"/>
    /// <param name="path">The file; null for none, that is, the defaults.</param>
    /// <param name="kinds">The alternatives that it may name.</param>
    /// <param name="overrides">What replaces values of the file, in order.</param>
    public static TrainRecipe Read(string? path, RecipeKinds kinds, params IReadOnlyList<RecipeOverride> overrides) =>
        Parse(path is null ? "" : Text(path), path ?? "defaults", kinds, overrides);

    /// <summary>The recipe of a text; <paramref name="file"/> is its name in messages.</summary>
    /// <exception cref="RecipeException">The text is not a recipe, or options are out of range; a line for each problem.</exception>
    public static TrainRecipe Parse(string text, string file, params IReadOnlyList<RecipeOverride> overrides) =>
        Parse(text, file, RecipeKinds.Default, overrides);

    /// <inheritdoc cref="Parse(string, string, IReadOnlyList{RecipeOverride})"/>
    public static TrainRecipe Parse(string text, string file, RecipeKinds kinds, params IReadOnlyList<RecipeOverride> overrides)
    {
        CheckLength(text.Length, file);
        var map = RecipeSyntax.Document(text, file);
        CheckNoneIsUndone(overrides);
        foreach (var (i, change) in overrides.Index()) new RecipeChange(change, kinds, overrides.Take(i)).Apply(map, new TrainRecipe());
        return Bind(map, file, kinds);
    }

    /// <summary>The recipe of what was read or made; <paramref name="file"/> is its name in messages.</summary>
    /// <exception cref="RecipeException">It is no recipe, or options are out of range; a line for each problem.</exception>
    internal static TrainRecipe Bind(RecipeMap map, string file, RecipeKinds kinds)
    {
        var binder = new RecipeBinder(kinds);
        var recipe = (TrainRecipe)binder.Section(map, new TrainRecipe(), typeof(TrainRecipe), "")!;
        recipe = recipe.WrittenAt(new(file, binder.Places));
        string[] problems =
        [
            .. binder.Problems.Append(binder.Unlisted).Where(line => line.Length > 0),
            .. recipe.Validate(binder.Unread).Select(problem => RecipeException.Line(problem, recipe.Places)),
        ];
        return problems.Length == 0 ? recipe : throw new RecipeException(string.Join('\n', problems));
    }

    /// <summary>The text of a file, or of the recipe of that name.</summary>
    private static string Text(string path) => !File.Exists(path) && ShippedRecipes.TryFind(path) is { } shipped ? shipped : Load(path);

    /// <summary>The text of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is called in messages.</param>
    /// <exception cref="RecipeException">It is missing, too long, of another kind, no text, or cannot be read.</exception>
    internal static string Load(string path, string what = Recipe)
    {
        if (PathProblem.OfLink(path) is { } link) throw new RecipeException($"{path}: {link}; wanted a {what}, a YAML file");
        if (Directory.Exists(path)) throw new RecipeException($"{path}: is a folder; wanted a {what}, a YAML file");
        if (what == Recipe && !File.Exists(path) && Path.GetExtension(path).Length == 0)
            throw new RecipeException($"{path}: there is no such file, nor a recipe of that name{ShippedRecipes.Hint(path)} ('fovea recipe list' lists all)");
        if (Path.GetExtension(path).ToLowerInvariant() is not (".yaml" or ".yml" or "") and var other)
            throw new RecipeException($"{path}: ends in '{other}'; wanted a {what}, a file that ends in .yaml or .yml");
        if (!File.Exists(path)) throw new RecipeException($"{path}: there is no such {what}{Near(path)}");
        CheckLength(new FileInfo(path).Length, path);
        try
        {
            return TextFile.Read(path, 4 * Longest);
        }
        catch (DataException e)
        {
            throw new RecipeException(e.Message, e);
        }
    }

    /// <exception cref="RecipeException">A text is longer than any recipe.</exception>
    internal static void CheckLength(long length, string file)
    {
        if (length > Longest) throw new RecipeException($"{file}: is of the length {length}; a recipe, some lines of YAML, has at most {Longest} characters");
    }

    private static string Near(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) return $"; nor is there a folder {folder}{ShippedRecipes.Hint(path)}";
        var near = NearestName.Hint(Path.GetFileName(path), Directory.EnumerateFiles(folder, "*.yaml").Select(file => Path.GetFileName(file)));
        return near.Length > 0 ? near : ShippedRecipes.Hint(path);
    }

    /// <summary>A whole section that is given after one of its keys would drop that key in silence.</summary>
    private static void CheckNoneIsUndone(IReadOnlyList<RecipeOverride> overrides)
    {
        for (var later = 1; later < overrides.Count; later++)
        {
            var whole = overrides[later].Path;
            var undone = overrides.Take(later).FirstOrDefault(
                one => one.Path.StartsWith(whole, StringComparison.Ordinal) && one.Path.Length > whole.Length && one.Path[whole.Length] is '.' or '[');
            if (undone is not null) throw new RecipeException($"{overrides[later].Source}: it undoes {undone.Source} before it; wanted it first");
        }
    }
}
