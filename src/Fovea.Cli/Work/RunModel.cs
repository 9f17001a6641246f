using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Formats;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models;
using Fovea.Naming;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Recipes;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The model that a run has trained.</summary>
internal static class RunModel
{
    /// <summary>Reads a run's model.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="which"><c>best</c>, <c>latest</c>, or the name of a kept one such as <c>epoch-0010</c>.</param>
    /// <param name="report">Told when another checkpoint has to be used.</param>
    /// <param name="flags">What replaces values of the recipe's preprocessing; null for nothing.</param>
    /// <exception cref="UsageException">There is no such run or checkpoint, or its weights are not for the image size.</exception>
    internal static ModelSource Load(string folder, string which, Report report, PreprocessingChoice? flags = null)
    {
        if (!Directory.Exists(folder))
            throw new UsageException(
                $"{folder}: {(File.Exists(folder) ? "is a file" : "there is no such folder")}; wanted the folder of a run, as 'fovea train --out' makes it");
        var checkpoints = RunFolder.CheckpointsOf(folder);
        if (!checkpoints.HasLatest && !File.Exists(checkpoints.BestPath))
            throw new UsageException($"{folder}: holds no checkpoint; wanted the folder of a run, as 'fovea train --out' makes it");
        return Of(Read(checkpoints, which, report), flags);
    }

    private static Checkpoint Read(CheckpointFolder checkpoints, string which, Report report)
    {
        if (which == "latest") return Latest(checkpoints, report);
        var path = Path.Combine(checkpoints.Path, which + CheckpointFile.Extension);
        if (which == "best" && !File.Exists(path))
        {
            report.Note($"{checkpoints.Path}: no evaluation has made a best checkpoint yet; the latest is used");
            return Latest(checkpoints, report);
        }

        if (!checkpoints.Names.Contains(which, StringComparer.Ordinal))
            throw new UsageException($"{Printable.Of(path)}: there is no such checkpoint; there are {Listed(checkpoints.Path)}");
        try
        {
            return CheckpointFile.Read(path);
        }
        catch (Exception e) when (which == "best" && checkpoints.HasLatest && e is ModelFormatException or IOException)
        {
            report.Warning($"{e.Message}; the latest checkpoint is used");
            return Latest(checkpoints, report);
        }
    }

    private static Checkpoint Latest(CheckpointFolder checkpoints, Report report) => checkpoints.LoadLatest(report.Warning)
        ?? throw new UsageException($"{checkpoints.Path}: there is no latest checkpoint; there are {Listed(checkpoints.Path)}");

    /// <summary>The model by the graph that the checkpoint keeps; by the catalogue where it keeps none, or is wanted for another image size.</summary>
    private static ModelSource Of(Checkpoint checkpoint, PreprocessingChoice? flags)
    {
        var facts = checkpoint.Facts;
        var recipe = RecipeReader.Parse(facts.Recipe, $"{checkpoint.Path} (recipe)");
        var isKept = facts.Graph.Length > 0 && (flags?.ImageSize is not { } size || size == recipe.Data.ImageSize);
        return isKept ? Kept(checkpoint, recipe, flags) : Rebuilt(checkpoint, recipe, flags);
    }

    private static ModelSource Kept(Checkpoint checkpoint, TrainRecipe recipe, PreprocessingChoice? flags)
    {
        try
        {
            var graph = GraphParser.Parse(checkpoint.Facts.Graph);
            var model = Of(checkpoint, recipe, batch => new Rebatch(batch).Apply(graph), recipe.Preprocessing);
            model.Shipped(model.Classes!).Check(checkpoint.Path);
            return flags is null ? model : model with { Preprocessing = model.Preprocessing.Resolve(flags) };
        }
        catch (PreprocessingException e)
        {
            throw new UsageException($"{checkpoint.Facts.Model}: {e.Message}", e);
        }
        catch (Exception e) when (e is FormatException or GraphException or ShapeException)
        {
            throw new ModelFormatException(checkpoint.Path, "graph", e.Message, e);
        }
    }

    private static ModelSource Rebuilt(Checkpoint checkpoint, TrainRecipe recipe, PreprocessingChoice? flags)
    {
        var row = ModelCatalog.Find(checkpoint.Facts.Model);
        recipe = recipe.Resolved(row, flags);
        var graph = recipe.GraphOf(row, checkpoint.Facts.Classes.Count);
        WeightLoading.Match(row, graph(1), checkpoint.Weights(), checkpoint.Path);
        return Of(checkpoint, recipe, graph, recipe.Preprocessing);
    }

    private static ModelSource Of(Checkpoint checkpoint, TrainRecipe recipe, Func<int, Graph> graph, Preprocessing preprocessing) => new()
    {
        Name = checkpoint.Facts.Model,
        Weights = $"{checkpoint.Path} (epoch {checkpoint.State.Epoch}, step {checkpoint.State.Step}{(checkpoint.HasAverages ? ", averaged" : "")})",
        Graph = graph,
        Tensors = checkpoint.Weights(),
        ClassCount = checkpoint.Facts.Classes.Count,
        Classes = checkpoint.Facts.Classes,
        Preprocessing = preprocessing,
        Split = new(recipe.Data.ValidationFraction, recipe.Train.Seed),
        Views = recipe.Augment.Views,
        Precision = recipe.Train.Precision,
    };

    private static string Listed(string folder) =>
        string.Join(
            ", ", Directory.EnumerateFiles(folder, $"*{CheckpointFile.Extension}").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
}
