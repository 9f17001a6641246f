using Fovea.Data.Sources;
using Fovea.Import.Foreign;
using Fovea.Import.Systems;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Import;

/// <summary>Recipes from the configuration files of other systems, which are recognised by what they hold.</summary>
public static class RecipeImport
{
    private const int Longest = 1 << 20;

    /// <summary>The system of a file; null where it is none of a known one, or no file that can be read.</summary>
    /// <param name="path">The file.</param>
    public static ForeignSystem? SystemOf(string path) => Recognised(path)?.System;

    /// <summary>Translates a file; null where it is of no system that is known here, or no file that can be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the import is told beside it; null for the defaults.</param>
    /// <exception cref="RecipeException">Something in it is wrong; a line for each problem.</exception>
    public static ImportedRecipe? TryRead(string path, ImportOptions? options = null) =>
        Recognised(path) is var (system, text) ? Translate(system, text, options) : null;

    /// <summary>Translates a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the import is told beside it; null for the defaults.</param>
    /// <exception cref="RecipeException">It is of no known system, or something in it is wrong; a line for each problem.</exception>
    public static ImportedRecipe Read(string path, ImportOptions? options = null) => Parse(Load(path), path, options);

    /// <summary>Translates the text of a file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">Its name in messages.</param>
    /// <param name="options">What the import is told beside it; null for the defaults.</param>
    /// <param name="system">The system that it is of; null, the default, for the one that it is recognised as.</param>
    /// <exception cref="RecipeException">It is of no known system, or something in it is wrong; a line for each problem.</exception>
    public static ImportedRecipe Parse(string text, string file, ImportOptions? options = null, ForeignSystem? system = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        RecipeReader.CheckLength(text.Length, file);
        var source = new ForeignText(text, file);
        system ??= SystemOf(source) ?? throw new RecipeException(
            $"{file}: is a file of no system that is known here; wanted one of {string.Join(", ", ForeignSystems.All.Select(known => known.Name))}");
        return Translate(system, source, options);
    }

    private static (ForeignSystem System, ForeignText Text)? Recognised(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var text = new ForeignText(Load(path), path);
            return SystemOf(text) is { } system ? (system, text) : null;
        }
        catch (RecipeException)
        {
            return null;
        }
    }

    private static string Load(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".json" or ".cfg") || !File.Exists(path)) return RecipeReader.Load(path, "configuration");
        RecipeReader.CheckLength(new FileInfo(path).Length, path);
        try
        {
            return TextFile.Read(path, 4 * Longest);
        }
        catch (DataException e)
        {
            throw new RecipeException(e.Message, e);
        }
    }

    /// <summary>The system whose keys a text has most of; null for recipes of ours, and for what is neither.</summary>
    /// <exception cref="RecipeException">It has the form of no system.</exception>
    private static ForeignSystem? SystemOf(ForeignText text)
    {
        var (best, most) = ((ForeignSystem?)null, 0);
        RecipeException? failure = null;
        foreach (var system in ForeignSystems.All)
        {
            try
            {
                if (system.Read(text) is var map && !IsOwn(map) && system.Certainty(map) is var sure && sure > most) (best, most) = (system, sure);
            }
            catch (RecipeException e)
            {
                failure = e;
            }
        }

        return best is null && failure is not null ? throw failure : best;
    }

    private static bool IsOwn(RecipeMap map) =>
        RecipeSchema.Keys(typeof(TrainRecipe)).Any(key => map.Find(key.Key)?.Value is RecipeMap);

    private static ImportedRecipe Translate(ForeignSystem system, ForeignText text, ImportOptions? told)
    {
        var (tree, options) = (new ForeignTree(text, system.Read(text)), told ?? new());
        if (options.Cards is < 1 or > ImportOptions.MostCards)
            throw new RecipeException($"the cards are {options.Cards}; wanted 1 to {ImportOptions.MostCards}");
        foreach (var change in options.Changes) tree.Apply(change);
        var translation = new Translation(tree, options);
        system.Translate(translation);
        foreach (var leaf in translation.Unanswered().ToList()) translation.Problem(leaf.Place, () => $"{Printable.Line(leaf.Path, 100)} is not understood");
        if (translation.Problems.Count > 0) throw new RecipeException(string.Join('\n', translation.Problems));
        var map = translation.Draft.Build();
        var written = Head(system, tree.File) + RecipeWriter.Block(map);
        var imported = new ImportedRecipe(system, written, translation.Lines()) { Chosen = Chosen(map, options.Changes) };
        return translation.Refusals.Count > 0
            ? imported with { Refusals = translation.Refusals }
            : imported with { Recipe = RecipeReader.Bind(map, tree.File, RecipeKinds.Default) };
    }

    /// <summary>Options whose values stand in the recipe because of a change, known by its source.</summary>
    private static OrderedDictionary<string, string> Chosen(RecipeMap recipe, IReadOnlyList<RecipeOverride> changes)
    {
        var sources = changes.Select(change => change.Source).ToHashSet(StringComparer.Ordinal);
        var chosen = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var leaf in new ForeignLeaves(recipe).All.Where(leaf => sources.Contains(leaf.Value.Place))) chosen[leaf.Path] = RecipeWriter.Flow(leaf.Value);
        return chosen;
    }

    private static string Head(ForeignSystem system, string file) =>
        $"# From {Printable.Line(Path.GetFileName(file), 100)}, a configuration of {system.Name}.\n";
}
