using System.Runtime.InteropServices;
using System.Text;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Commands;
using Fovea.Cli.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The recipe that a run's folder keeps: resolved, under a note on what ran it.</summary>
internal static class RunRecipe
{
    internal static byte[] Write(TrainRecipe recipe, string data, OneDnnBackend backend) => Encoding.UTF8.GetBytes($"""
        # fovea {VersionCommand.Text}, {RuntimeInformation.FrameworkDescription}, {backend.Name}
        # machine: {Environment.MachineName}, {OneDnnDiagnostics.Read().CpuModel}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}
        # data: {data}
        {RecipeWriter.Write(recipe)}
        """);
}
