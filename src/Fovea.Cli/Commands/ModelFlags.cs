using System.CommandLine;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Commands;

/// <summary>The flags that say which graph of a model of the catalogue is meant.</summary>
internal static class ModelFlags
{
    internal static Option<int?> Classes { get; } = new("--classes") { Description = "Classes; by default the model's own", HelpName = "N" };

    internal static Option<int?> ImageSize { get; } =
        new("--image-size") { Description = "Rows and columns of an image; by default the model's own", HelpName = "N" };

    internal static Option<Precision> Precision { get; } = new("--precision") { Description = "fp32 (default) or bf16", HelpName = "P" };

    /// <summary>The graph for a batch, as the flags of the call have it.</summary>
    /// <exception cref="ModelException">There is no such model, or it cannot be built so.</exception>
    internal static Graph Build(Invocation call, string model, int batch) => ModelCatalog.Build(model, Options(call), batch);

    internal static ModelOptions Options(Invocation call) => new() { Classes = call.Value(Classes), ImageSize = call.Value(ImageSize) };

    /// <summary>The precision as recipes spell it.</summary>
    internal static string Name(Precision precision) => RecipeNames.SnakeCase(precision.ToString());
}
