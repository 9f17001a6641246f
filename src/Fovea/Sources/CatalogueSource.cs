using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Tensors;
using Fovea.Training.Recipes;

namespace Fovea.Sources;

/// <summary>A name in the catalogue, with a file of weights or without.</summary>
public sealed record CatalogueSource : ModelSource
{
    /// <inheritdoc/>
    public override string What => "a model of the catalogue ('fovea models' lists them)";

    /// <inheritdoc/>
    public override bool IsDescribed => true;

    /// <inheritdoc/>
    public override bool Takes(string place) => ModelCatalog.TryFind(place) is not null;

    /// <inheritdoc/>
    public override LoadedModel Load(string place, LoadOptions? options = null) => Load(new ModelChoice { Name = place }, options ?? new());

    /// <summary>The model that a recipe chooses by its name, without weights unless the options name some.</summary>
    /// <param name="choice">The name, and what a builder leaves to choose. Its weights are not read here.</param>
    /// <param name="options">What else is said of it.</param>
    /// <exception cref="ModelException">There is no such model, or it cannot be built so.</exception>
    /// <exception cref="ModelSourceException">The weights are missing, or those of another model.</exception>
    public static LoadedModel Load(ModelChoice choice, LoadOptions options)
    {
        var row = ModelCatalog.Find(choice.Name ?? ModelChoice.UsualName);
        var model = new LoadedModel
        {
            Name = row.Name,
            Origin = options.Weights.Length > 0 ? options.Weights : row.Name,
            Build = form => row.Build(Options(choice, form, options.Classes ?? row.Classes), form.Batch),
            Tensors = [],
            ClassCount = options.Classes ?? row.Classes,
            Preprocessing = row.Preprocessing,
            DeployName = row.DeployName,
        }.Prepared(options.Images);
        return options.Weights.Length == 0 ? model : Weighted(model, choice, row, options);
    }

    private static LoadedModel Weighted(LoadedModel model, ModelChoice choice, ModelRow row, LoadOptions options)
    {
        var given = WeightLoading.Read(options.Weights, options.WeightsKey, options.Note);
        var usual = model.Graph(1);
        var classes = options.Classes ?? WeightLoading.ClassesOf(WeightLoading.Best(row, usual, given), usual)?.Given ?? row.Classes;
        model = model with { ClassCount = classes, Build = form => row.Build(Options(choice, form, classes), form.Batch) };
        return model with { Tensors = WeightLoading.Match(row, model.Graph(1), given, options.Weights).Taken };
    }

    /// <summary>The weights that a recipe names, for a model with the classes of the data; none where it names none.</summary>
    internal static IReadOnlyList<(string Name, HostTensor Tensor)> WeightsOf(ModelChoice choice, Graph model, Action<string>? note)
    {
        if (choice.Weights.Length == 0) return [];
        var given = WeightLoading.Read(choice.Weights, choice.WeightsKey, note);
        return WeightLoading.Match(
            ModelCatalog.Find(choice.Name ?? ModelChoice.UsualName), model, given, choice.Weights, choice.SkipClassifier).Taken;
    }

    private static ModelOptions Options(ModelChoice choice, GraphForm form, int classes) => new()
    {
        Classes = form.Classes ?? classes,
        ImageSize = form.Height,
        DropRate = choice.DropRate,
        DropPathRate = choice.DropPathRate,
        NumBlocks = choice.NumBlocks.Count > 0 ? choice.NumBlocks : null,
        WidthMultiplier = choice.WidthMultiplier.Count > 0 ? choice.WidthMultiplier : null,
        Depth = choice.Depth > 0 ? choice.Depth : null,
        WidthFactor = choice.WidthFactor > 0 ? choice.WidthFactor : null,
    };
}
