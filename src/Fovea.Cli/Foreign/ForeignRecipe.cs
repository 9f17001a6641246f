using Fovea.Cli.Usage;
using Fovea.Import;
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
    internal static ForeignRecipe Read(string? file, IReadOnlyList<RecipeOverride> changes, Invocation call)
    {
        if (file is null ? !IsOfOptions(call) : RecipeImport.SystemOf(file) is null)
            return new(RecipeReader.Read(file, [.. ForeignFlags.Overrides(call), .. changes]), []);
        var imported = file is null
            ? RecipeImport.Parse("", "--opts", ForeignFlags.Options(call), ForeignSystems.OfOptions)
            : RecipeImport.Read(file, ForeignFlags.Options(call));
        string[] lines = [.. ImportText.Lines(imported)];
        foreach (var line in lines) call.Report.Log(line);
        if (imported.Refusals.Count > 0) throw new RecipeException(string.Join('\n', imported.Refusals));
        var name = Printable.Of(file ?? "--opts");
        return new(
            RecipeReader.Parse(imported.Text, $"{name}, translated", changes), [$"from {name}, {lines[0]}", .. lines.Skip(1).Select(line => line.Trim())]);
    }

    /// <summary>Whether a command line without a file gives keys of the system that needs none: they are in capitals.</summary>
    private static bool IsOfOptions(Invocation call) => ForeignFlags.Overrides(call) is [{ Path: [>= 'A' and <= 'Z', ..] }, ..];
}
