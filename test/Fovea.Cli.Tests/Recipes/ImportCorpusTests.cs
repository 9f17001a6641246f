using Fovea.Import;
using Fovea.Recipes;

namespace Fovea.Cli.Tests.Recipes;

/// <summary>
/// All configurations of a folder of another system (<c>eng/import-corpus.sh</c>): each takes two steps, or is refused with what is missing. The results are a
/// table, a line each. With FOVEA_CORPUS_STEPS=models one file of each model takes steps, with none no file.
/// </summary>
public sealed class ImportCorpusTests : IDisposable
{
    private const string Folder = "FOVEA_CORPUS";
    private const string Table = "FOVEA_CORPUS_TABLE";
    private const string Steps = "FOVEA_CORPUS_STEPS";

    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<string> _models = new(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public void Every_configuration_of_a_folder_takes_two_steps_or_is_refused_with_what_is_missing()
    {
        var folder = Environment.GetEnvironmentVariable(Folder) ?? throw new InvalidOperationException($"{Folder} names the folder");
        using var table = new StreamWriter(Environment.GetEnvironmentVariable(Table) ?? Path.Combine(folder, "import.tsv")) { AutoFlush = true };
        var (failures, files) = (0, Directory.EnumerateFiles(folder, "*.y*ml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray());
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var (outcome, what) = Outcome(file);
            if (outcome == "failed") failures++;
            table.WriteLine($"{Path.GetRelativePath(folder, file)}\t{outcome}\t{what}");
        }

        Assert.Equal(0, failures);
    }

    private (string Outcome, string What) Outcome(string file)
    {
        try
        {
            var imported = RecipeImport.Read(file);
            if (imported.Recipe is not { } recipe) return ("refused", Reason(imported));
            var steps = Environment.GetEnvironmentVariable(Steps) ?? "all";
            var isNew = _models.Add(recipe.Model.Name!);
            if (steps == "none" || (steps == "models" && !isNew)) return ("imported", recipe.Model.Name!);
            new TwoSteps(_folder).Take(changes => RecipeReader.Parse(imported.Text, file, [RecipeOverride.Parse("model.pretrained=\"\""), .. changes]));
            return ("trained", recipe.Model.Name!);
        }
        catch (Exception e)
        {
            return ("failed", $"{e.GetType().Name} {e.Message.Replace('\n', ' ').Replace('\t', ' ')}");
        }
    }

    private static string Reason(ImportedRecipe imported) =>
        string.Join("; ", imported.Refusals.Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
}
