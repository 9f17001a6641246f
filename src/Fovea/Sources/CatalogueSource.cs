using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Pretrained;
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
    /// <param name="choice">The name, and what a builder leaves to choose. Its weights are not read here; its published ones tell how images reach it.</param>
    /// <param name="options">What else is said of it.</param>
    /// <exception cref="ModelException">There is no such model, or it cannot be built so; there are no such published weights.</exception>
    /// <exception cref="ModelSourceException">The weights are missing, or those of another model.</exception>
    /// <exception cref="Data.Sources.DataException">Published weights cannot be fetched.</exception>
    public static LoadedModel Load(ModelChoice choice, LoadOptions options)
    {
        var isFetched = options.Pretrained.Length > 0;
        if (isFetched) choice = choice with { Pretrained = options.Pretrained };
        var published = PublishedOf(choice);
        var row = ModelCatalog.Find(NameOf(choice));
        var model = new LoadedModel
        {
            Name = row.Name,
            Origin = published?.Name ?? (options.Weights.Length > 0 ? options.Weights : row.Name),
            Build = form => row.Build(Options(choice, form, options.Classes ?? row.Classes), form.Batch),
            Tensors = [],
            ClassCount = options.Classes ?? row.Classes,
            Preprocessing = published?.Preprocessing ?? row.Preprocessing,
            DeployName = row.DeployName,
        }.Prepared(options.Images);
        if (isFetched) return Fetched(model, choice, row, published!, options);
        return options.Weights.Length == 0 ? model : Weighted(model, choice, row, options);
    }

    /// <summary>The name in the catalogue that a recipe chooses: its own, that of its published weights, or the usual one.</summary>
    /// <exception cref="ModelException">There are no such published weights.</exception>
    internal static string NameOf(ModelChoice choice) => choice.Name ?? PublishedOf(choice)?.Model ?? ModelChoice.UsualName;

    /// <summary>The published weights that a recipe chooses; null for none.</summary>
    /// <exception cref="ModelException">There are no such, or they are of another model.</exception>
    internal static PublishedWeights? PublishedOf(ModelChoice choice) => choice.Pretrained switch
    {
        "" => null,
        WeightsCatalog.Default => WeightsCatalog.Find(WeightsCatalog.Default, choice.Name ?? ModelChoice.UsualName),
        var name => WeightsCatalog.Find(name, choice.Name),
    };

    private static LoadedModel Fetched(LoadedModel model, ModelChoice choice, ModelRow row, PublishedWeights published, LoadOptions options)
    {
        var cache = options.Cache ?? WeightsCache.OfEnvironment();
        if (cache.Fetch(published, options.Downloading, options.Stop))
            options.Note?.Invoke($"{published.Name}: fetched from {cache.AddressOf(published)}; licence {published.Licence}");
        model = Weighted(model, choice, row, options with { Weights = cache.PathOf(published) });
        return model.ClassCount == ImageNetClasses.Count ? model with { Classes = ImageNetClasses.Names } : model;
    }

    private static LoadedModel Weighted(LoadedModel model, ModelChoice choice, ModelRow row, LoadOptions options)
    {
        var given = WeightLoading.Read(options.Weights, options.WeightsKey, options.Note);
        var usual = WeightLoading.FitAnyForm(row, model.Graph(1), given);
        var classes = options.Classes ?? WeightLoading.ClassesOf(usual.Match, usual.Graph)?.Given ?? row.Classes;
        model = model with { ClassCount = classes, Build = form => row.Build(Options(choice, form, classes), form.Batch) };
        if (usual.IsDeployed) model = model.Folded(options.Weights);
        return model with { Tensors = WeightLoading.Match(row, model.Graph(1), given, options.Weights).Taken };
    }

    /// <summary>The weights that a recipe names, for a model with the classes of the data; none where it names none.</summary>
    internal static IReadOnlyList<(string Name, HostTensor Tensor)> WeightsOf(ModelChoice choice, Graph model, Action<string>? note)
    {
        if (choice.Weights.Length == 0) return [];
        var given = WeightLoading.Read(choice.Weights, choice.WeightsKey, note);
        return WeightLoading.Match(
            ModelCatalog.Find(NameOf(choice)), model, given, choice.Weights, choice.SkipClassifier).Taken;
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
