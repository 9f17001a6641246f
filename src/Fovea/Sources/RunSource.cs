using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Naming;
using Fovea.Ops;
using Fovea.Paths;
using Fovea.Recipes;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;

namespace Fovea.Sources;

/// <summary>The folder of a training run; its checkpoints keep the graph.</summary>
public sealed record RunSource : ModelSource
{
    /// <inheritdoc/>
    public override string What => "the folder of a run";

    /// <inheritdoc/>
    public override bool HasCheckpoints => true;

    /// <inheritdoc/>
    public override bool Takes(string place) => Directory.Exists(place);

    /// <inheritdoc/>
    public override LoadedModel Load(string place, LoadOptions? options = null)
    {
        options ??= new();
        if (!Directory.Exists(place))
            throw new ModelSourceException(
                $"{place}: {PathProblem.OfLink(place) ?? (File.Exists(place) ? "is a file" : "there is no such folder")}; "
                + "wanted the folder of a run, as 'fovea train --out' makes it");
        var checkpoints = RunFolder.CheckpointsOf(place);
        if (!checkpoints.HasLatest && !File.Exists(checkpoints.BestPath))
            throw new ModelSourceException($"{place}: holds no checkpoint; wanted the folder of a run, as 'fovea train --out' makes it");
        return Of(Read(checkpoints, options), options);
    }

    /// <summary>The model of a checkpoint: by the graph that it keeps; by the catalogue where it keeps none.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="options">What else is said of it; the defaults if null.</param>
    /// <exception cref="ModelFormatException">Its graph is none, or not that of its weights.</exception>
    /// <exception cref="ModelSourceException">The graph, or its weights, cannot take images of another size.</exception>
    public static LoadedModel Of(Checkpoint checkpoint, LoadOptions? options = null)
    {
        options ??= new();
        var recipe = RecipeReader.Parse(checkpoint.Facts.Recipe, $"{checkpoint.Path} (recipe)", options.Kinds);
        return (checkpoint.Facts.Graph.Length > 0 ? Kept(checkpoint, recipe) : Rebuilt(checkpoint, recipe)).Prepared(options.Images);
    }

    private static Checkpoint Read(CheckpointFolder checkpoints, LoadOptions options)
    {
        var which = options.Checkpoint;
        if (which == "latest") return Latest(checkpoints, options);
        var path = Path.Combine(checkpoints.Path, which + CheckpointFile.Extension);
        if (which == "best" && !File.Exists(path))
        {
            options.Note?.Invoke($"{checkpoints.Path}: there is no best checkpoint (no evaluation has made one, or train.keep has none); the latest is used");
            return Latest(checkpoints, options);
        }

        if (!checkpoints.Names.Contains(which, StringComparer.Ordinal))
            throw new ModelSourceException($"{Printable.Of(path)}: there is no such checkpoint; there are {Listed(checkpoints.Path)}");
        try
        {
            return CheckpointFile.Read(path);
        }
        catch (Exception e) when (which == "best" && checkpoints.HasLatest && e is ModelFormatException or IOException)
        {
            options.Warn?.Invoke($"{e.Message}; the latest checkpoint is used");
            return Latest(checkpoints, options);
        }
    }

    private static Checkpoint Latest(CheckpointFolder checkpoints, LoadOptions options) => checkpoints.LoadLatest(options.Warn ?? (_ => { }))
        ?? throw new ModelSourceException($"{checkpoints.Path}: there is no latest checkpoint; there are {Listed(checkpoints.Path)}");

    private static LoadedModel Kept(Checkpoint checkpoint, TrainRecipe recipe)
    {
        try
        {
            var graph = GraphParser.Parse(checkpoint.Facts.Graph);
            var model = Of(checkpoint, recipe, form => Resized(graph, recipe.Model, form));
            model.Shipped(model.Classes!).Check(checkpoint.Path);
            return model;
        }
        catch (Exception e) when (e is FormatException or GraphException or ShapeException)
        {
            throw new ModelFormatException(checkpoint.Path, "graph", e.Message, e);
        }
    }

    /// <summary>For images of another size as its builder makes it, where the catalogue has the model that the graph is of.</summary>
    private static Graph Resized(Graph graph, ModelChoice choice, GraphForm form)
    {
        var (images, classes) = (graph.Variable(FoveaModel.InputName).Shape, graph.Output(FoveaModel.OutputName).Shape[1]);
        if ((images.H, images.W) == (form.Height, form.Width) || choice.Name is null || ModelCatalog.TryFind(choice.Name) is null) return graph.In(form);
        try
        {
            var row = CatalogueSource.Load(choice with { Pretrained = "" }, new() { Classes = classes });
            var isSame = GraphPrinter.Print(row.Build(new(images.N, images.H, images.W))) == GraphPrinter.Print(graph);
            return isSame ? row.Build(form) : graph.In(form);
        }
        catch (Exception e) when (e is ModelException or ShapeException)
        {
            return graph.In(form);
        }
    }

    private static LoadedModel Rebuilt(Checkpoint checkpoint, TrainRecipe recipe)
    {
        var row = ModelCatalog.Find(checkpoint.Facts.Model);
        var builder = CatalogueSource.Load(recipe.Model with { Name = row.Name, Pretrained = "" }, new() { Classes = checkpoint.Facts.Classes.Count });
        var model = Of(checkpoint, recipe with { Data = recipe.Data.Resolve(row.Preprocessing) }, builder.Build);
        WeightLoading.Match(row, model.Graph(1), checkpoint.Weights(), checkpoint.Path);
        return model;
    }

    private static LoadedModel Of(Checkpoint checkpoint, TrainRecipe recipe, Func<GraphForm, Graph> build) => new()
    {
        Name = checkpoint.Facts.Model,
        Origin = $"{checkpoint.Path} (epoch {checkpoint.State.Epoch}, step {checkpoint.State.Step}{(checkpoint.HasAverages ? ", averaged" : "")})",
        Build = build,
        Tensors = checkpoint.Weights(),
        ClassCount = checkpoint.Facts.Classes.Count,
        Classes = checkpoint.Facts.Classes,
        Preprocessing = recipe.Preprocessing,
        Split = checkpoint.Facts.HeldBack is "" ? null : new(recipe.Data.ValidationFraction, recipe.Data.SplitSeed, checkpoint.Facts.HeldBack ?? ""),
        Views = recipe.Augment.Views,
        Precision = recipe.Train.Precision,
        DeployName = recipe.Model.Name is { } name && ModelCatalog.TryFind(name) is { } row ? row.DeployName : label => label,
    };

    private static string Listed(string folder) =>
        string.Join(
            ", ", Directory.EnumerateFiles(folder, $"*{CheckpointFile.Extension}").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
}
