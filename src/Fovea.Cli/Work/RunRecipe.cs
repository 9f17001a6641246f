using System.Runtime.InteropServices;
using System.Text;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Usage;
using Fovea.Cli.Recipes;
using Fovea.Naming;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The recipe that a run's folder keeps: resolved, under a note on what ran it.</summary>
internal static class RunRecipe
{
    private const string DataNote = "# data: ";

    /// <summary>The data folder that a run's recipe notes; null where it notes none.</summary>
    internal static string? DataOf(string run)
    {
        var path = Path.Combine(run, "recipe.yaml");
        if (!File.Exists(path)) return null;
        return File.ReadLines(path).FirstOrDefault(line => line.StartsWith(DataNote, StringComparison.Ordinal)) is { } line
            ? Printable.Parse(line[DataNote.Length..])
            : null;
    }

    internal static byte[] Write(TrainRecipe recipe, string data, OneDnnBackend backend) => Encoding.UTF8.GetBytes($"""
        # fovea {ToolVersion.Text}, {RuntimeInformation.FrameworkDescription}, {backend.Name}
        # machine: {Environment.MachineName}, {OneDnnDiagnostics.Read().CpuModel}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}
        {DataNote}{Printable.Of(data)}
        {RecipeWriter.Write(recipe)}
        """);
}
