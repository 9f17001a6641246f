using System.Runtime.InteropServices;
using System.Text;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Usage;
using Fovea.Data.Sources;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The recipe that a run's folder keeps: resolved, under a note on what ran it.</summary>
internal static class RunRecipe
{
    private const string DataNote = "# data: ";
    private const int MostBytes = 4 << 20;

    /// <summary>The data folder that a run's recipe notes; null where it notes none.</summary>
    /// <exception cref="UsageException">The note is malformed.</exception>
    /// <exception cref="DataException">The recipe cannot be read.</exception>
    internal static string? DataOf(string run)
    {
        var path = Path.Combine(run, "recipe.yaml");
        if (!File.Exists(path)) return null;
        if (TextFile.Lines(path, MostBytes).FirstOrDefault(line => line.StartsWith(DataNote, StringComparison.Ordinal)) is not { } line) return null;
        try
        {
            return Printable.Parse(line[DataNote.Length..]);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{path}: the line '{Printable.Line(line)}' names no folder; wanted --data DIR", e);
        }
    }

    internal static byte[] Write(TrainRecipe recipe, string data, OneDnnBackend backend) => Encoding.UTF8.GetBytes($"""
        # fovea {ToolVersion.Text}, {RuntimeInformation.FrameworkDescription}, {backend.Name}
        # machine: {Environment.MachineName}, {OneDnnDiagnostics.Read().CpuModel}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}
        {DataNote}{Printable.Of(data)}
        {RecipeWriter.Write(recipe)}
        """);
}
