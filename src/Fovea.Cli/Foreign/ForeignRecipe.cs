using Fovea.Cli.Usage;
using Fovea.Import;
using Fovea.Import.Foreign;
using Fovea.Import.Systems;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Foreign;

/// <summary>The recipe of a command line whose file may be a configuration of another system.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Notes">Of a foreign file: where it came from and what became of its keys, a line each; otherwise none.</param>
internal sealed record ForeignRecipe(TrainRecipe Recipe, IReadOnlyList<string> Notes)
{
    /// <summary>Reads a file, or the keys that the command line gives of a system without one.</summary>
    /// <param name="file">The file; null for none.</param>
    /// <param name="changes">What flags change of the recipe.</param>
    /// <param name="call">The command line.</param>
    /// <exception cref="RecipeException">It cannot be read, or asks for a model or a loss that is not here.</exception>
    internal static ForeignRecipe Read(string? file, IReadOnlyList<RecipeOverride> changes, Invocation call) =>
        Read(file, ForeignFlags.Options(call), changes, call.Report.Log);

    /// <summary>Reads a file, or the keys that the command line gives of a system without one.</summary>
    /// <param name="file">The file; null for none.</param>
    /// <param name="options">What is said of it beside, and changed before it is translated; of a recipe of ours, what is changed first.</param>
    /// <param name="changes">What flags change of the recipe.</param>
    /// <param name="log">Takes the notes, one by one, before anything is refused.</param>
    /// <exception cref="RecipeException">It cannot be read, or asks for a model or a loss that is not here.</exception>
    internal static ForeignRecipe Read(string? file, ImportOptions options, IReadOnlyList<RecipeOverride> changes, Action<string> log)
    {
        if (Imported(file, options) is not { } imported) return new(RecipeReader.Read(file, [.. options.Changes, .. changes]), []);
        string[] lines = [.. ImportText.Lines(imported)];
        foreach (var line in lines) log(line);
        if (imported.Refusals.Count > 0) throw new RecipeException(string.Join('\n', imported.Refusals));
        var name = Printable.Of(file ?? "--opts");
        return new(
            RecipeReader.Parse(imported.Text, $"{name}, translated", changes), [$"from {name}, {lines[0]}", .. lines.Skip(1).Select(line => line.Trim())]);
    }

    /// <summary>The options that flags give values: those that changes of a foreign file come to, and those that are named.</summary>
    /// <param name="file">The file; null for none.</param>
    /// <param name="options">What is said of it beside, and changed before it is translated.</param>
    /// <param name="changes">What flags change of the recipe.</param>
    /// <returns>Options with their values as YAML.</returns>
    internal static IReadOnlyDictionary<string, string> Chosen(string? file, ImportOptions options, IReadOnlyList<RecipeOverride> changes)
    {
        var (chosen, named) = Imported(file, options) is { } imported
            ? (imported.Chosen.ToDictionary(StringComparer.Ordinal), changes)
            : ([], [.. options.Changes, .. changes]);
        foreach (var change in named) chosen[change.Path] = change.Value;
        return chosen;
    }

    /// <summary>What another system's file, or its keys without one, comes to; null where neither is given.</summary>
    private static ImportedRecipe? Imported(string? file, ImportOptions options)
    {
        if (file is not null) return RecipeImport.TryRead(file, options);
        return IsOfOptions(options.Changes) ? RecipeImport.Parse("", "--opts", options, ForeignSystems.OfOptions) : null;
    }

    /// <summary>Whether a command line without a file gives keys of the system that needs none: they are in capitals.</summary>
    private static bool IsOfOptions(IReadOnlyList<RecipeOverride> changes) => changes is [{ Path: [>= 'A' and <= 'Z', ..] }, ..];
}
