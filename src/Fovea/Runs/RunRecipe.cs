using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Fovea.Backends.OneDnn;
using Fovea.Data.Sources;
using Fovea.Execution;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Runs;

/// <summary>The recipe that a run's folder keeps: resolved, under notes on what ran it, on the data, and on what was changed when it went on.</summary>
public static class RunRecipe
{
    private const string DataNote = "# data: ";
    private const string RootNote = "# image root: ";
    private const string NamesNote = "# label names: ";
    private const string CoarseNote = "# coarse labels";
    private const string ChoiceNote = "# chosen: ";
    private const int MostBytes = 4 << 20;

    private static string Version =>
        typeof(RunRecipe).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The data that a run's recipe notes; null where it notes none.</summary>
    /// <param name="run">The folder of the run.</param>
    /// <exception cref="RecipeException">A note is malformed.</exception>
    /// <exception cref="DataException">The recipe cannot be read.</exception>
    public static RunData? DataOf(string run)
    {
        var (path, lines) = Head(run);
        return Noted(path, lines, DataNote) is { } place
            ? new(place, new()
            {
                Root = Noted(path, lines, RootNote),
                ClassNames = Noted(path, lines, NamesNote),
                CoarseLabels = lines.Contains(CoarseNote, StringComparer.Ordinal),
            })
            : null;
    }

    /// <summary>
    /// What a run's recipe notes of its course: a line for its beginning and for each time that it went on, with the date, and below it a line for each option
    /// that was changed then: <c># - 2026-01-31T12:00:00Z went on after epoch 3, step 120</c>, <c>#     train.epochs: 10 → 20</c>.
    /// </summary>
    /// <param name="run">The folder of the run.</param>
    /// <exception cref="DataException">The recipe cannot be read.</exception>
    public static IReadOnlyList<string> HistoryOf(string run) => RunHistory.In(Head(run).Lines);

    /// <summary>What a run's recipe notes of how it was chosen (<see cref="RunPlace.Choice"/>).</summary>
    /// <param name="run">The folder of the run.</param>
    /// <exception cref="DataException">The recipe cannot be read.</exception>
    public static IReadOnlyList<string> ChoiceOf(string run) =>
        [.. Head(run).Lines.Where(line => line.StartsWith(ChoiceNote, StringComparison.Ordinal)).Select(line => line[ChoiceNote.Length..])];

    private static (string Path, string[] Lines) Head(string run)
    {
        var path = Path.Combine(run, "recipe.yaml");
        return (path, File.Exists(path) ? [.. TextFile.Lines(path, MostBytes).TakeWhile(line => line.StartsWith('#'))] : []);
    }

    private static string? Noted(string path, string[] lines, string note)
    {
        if (Array.Find(lines, line => line.StartsWith(note, StringComparison.Ordinal)) is not { } line) return null;
        try
        {
            return Printable.Parse(line[note.Length..]);
        }
        catch (FormatException e)
        {
            throw new RecipeException($"{path}: the line '{Printable.Line(line)}' names no folder; wanted --data DIR", e);
        }
    }

    /// <summary>The text of the file.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="place">Data and folder of the run.</param>
    /// <param name="backend">What runs it.</param>
    /// <param name="history">The lines of its history under their title.</param>
    internal static byte[] Write(TrainRecipe recipe, RunPlace place, IBackend backend, IEnumerable<string> history) => Encoding.UTF8.GetBytes($"""
        # fovea {Version}, {RuntimeInformation.FrameworkDescription}, {backend.Name}
        # machine: {Environment.MachineName}, {OneDnnDiagnostics.Read().CpuModel}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}
        {string.Join('\n', [.. Notes(place.Noted ?? RunData.Of(place.Data, place.Source)), .. place.Choice.Select(line => ChoiceNote + line), .. history])}
        {RecipeWriter.Write(recipe)}
        """);

    private static IEnumerable<string> Notes(RunData data)
    {
        yield return DataNote + Printable.Of(data.Place);
        if (data.Options.Root is { } root) yield return RootNote + Printable.Of(root);
        if (data.Options.ClassNames is { } names) yield return NamesNote + Printable.Of(names);
        if (data.Options.CoarseLabels) yield return CoarseNote;
    }
}
