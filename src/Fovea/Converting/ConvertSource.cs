using Fovea.Formats;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Naming;
using Fovea.Sources;
using Fovea.Tensors;
using Fovea.Training.Weights;

namespace Fovea.Converting;

/// <summary>Reads what is converted: a model of any <see cref="ModelSource"/>, or a file of weights of a model of the catalogue.</summary>
internal static class ConvertSource
{
    /// <summary>The seed of what a new model starts with, where weights are missing.</summary>
    private const ulong Seed = 0;

    /// <summary>Whether a place says itself which model it is of.</summary>
    internal static ModelSource? KindOf(string place) => ModelSource.Kinds.FirstOrDefault(kind => !kind.IsDescribed && kind.Takes(place));

    /// <summary>A whole model, whose tensors are all its own.</summary>
    internal static (LoadedModel Model, Conversion Found) Whole(ModelSource kind, string place, ConvertOptions options)
    {
        if (options.Model is not null)
            throw new ModelSourceException($"{Printable.Of(place)}: is {kind.What}, which says what it is of; wanted it without --model {options.Model}");
        var model = kind.Load(place, options.Load);
        if (model.Tensors.Count == 0)
            throw new ModelSourceException(
                $"{Printable.Of(place)}: has no weights; wanted a file of weights beside it, or that file in its place with --model {Printable.Of(place)}");
        return (model, new()
        {
            Model = model.Name,
            Keys = [.. model.Tensors.Select(entry => new SpeltTensor(entry.Name, entry.Name, entry.Tensor.Type, entry.Tensor))],
        });
    }

    /// <summary>Weights of a network of Darknet: its own, or those of another format whose tensors are named by its layers.</summary>
    internal static (LoadedModel Model, Conversion Found) OfDarknet(string place, string cfg, ConvertOptions options) =>
        Whole(new DarknetSource(), cfg, options with { Model = null, Load = options.Load with { Weights = place } });

    /// <summary>Weights of a model of the catalogue; where they do not fit, the model lacks them and the conversion says why.</summary>
    internal static (LoadedModel Model, Conversion Found) Weights(
        string place, IReadOnlyList<(string Name, HostTensor Tensor)> given, string name, ConvertOptions options)
    {
        var row = ModelCatalog.Find(name);
        var source = new CatalogueSource();
        var fit = Fit(row, source.Load(name, options.Load), given, place, options);
        if (options.Load.Classes is null && WeightLoading.ClassesOf(fit.Match, fit.Graph) is { } classes)
        {
            options = options with { Load = options.Load with { Classes = classes.Given } };
            fit = Fit(row, source.Load(name, options.Load), given, place, options);
        }

        var model = source.Load(name, options.Load);
        if (fit.IsDeployed) model = model.Folded(place);
        if (fit.Note.Length > 0) options.Load.Note?.Invoke($"{place}: {fit.Note}");
        var refusal = Refusal(row, fit, given, place, options);
        return (refusal is null ? model with { Tensors = Filled(fit, place) } : model, Found(row, fit) with { Refusal = refusal });
    }

    private static Conversion Found(ModelRow row, WeightFit fit) => new()
    {
        Model = row.Name,
        Keys = [.. fit.Keys],
        Spelling = fit.Spelling,
        IsDeployed = fit.IsDeployed,
        Missing = fit.Match.Missing,
        Unexpected = [.. fit.Unexpected],
        Mismatched = fit.Match.Mismatched,
    };

    private static WeightFit Fit(
        ModelRow row, LoadedModel model, IReadOnlyList<(string Name, HostTensor Tensor)> given, string place, ConvertOptions options)
    {
        if (!options.ByOrder) return WeightLoading.FitAnyForm(row, model.Graph(1), given);
        try
        {
            return WeightLoading.FitInOrder(row, model.Graph(1), given);
        }
        catch (ModelSourceException e)
        {
            throw new ModelSourceException($"{place}: the weights cannot be named by their order: {e.Message}", e);
        }
    }

    /// <summary>Why the weights are not taken; null where they are.</summary>
    private static string? Refusal(
        ModelRow row, WeightFit fit, IReadOnlyList<(string Name, HostTensor Tensor)> given, string place, ConvertOptions options)
    {
        if (fit.Match.IsComplete) return null;
        if (options.AllowPartial)
            return fit.Match.Taken.Count > 0 ? null : $"{place}: none of its tensors is one of {row.Name}'s; wanted weights of this model";
        try
        {
            WeightLoading.Match(row, fit.Graph, given, place);
            return null;
        }
        catch (ModelSourceException e)
        {
            return e.Message + (FitsInOrder(row, fit.Graph, given)
                ? ". In their order and shapes all of them fit: --by-order names them so"
                : "; --allow-partial takes what fits");
        }
    }

    private static bool FitsInOrder(ModelRow row, Graph model, IReadOnlyList<(string Name, HostTensor Tensor)> given)
    {
        try
        {
            return WeightLoading.FitInOrder(row, model, given).Match.IsComplete;
        }
        catch (ModelSourceException)
        {
            return false;
        }
    }

    /// <summary>What was taken, and the values of a new model for the rest.</summary>
    private static (string Name, HostTensor Tensor)[] Filled(WeightFit fit, string place)
    {
        FiniteNumbers.Check(place, fit.Match.Taken);
        var taken = fit.Match.Taken.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal);
        return
        [
            .. WeightMatch.Kept(fit.Graph).Select(variable => (
                variable.Label,
                taken.GetValueOrDefault(variable.Label) ?? variable.Initial.Make(variable.Type.Shape, variable.Label, Seed))),
        ];
    }
}
