using Fovea.Data.Augment;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Tensors;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>A model with weights, and what it takes to give it images.</summary>
internal sealed record ModelSource
{
    /// <summary>The name of the model.</summary>
    internal required string Name { get; init; }

    /// <summary>Where the weights come from.</summary>
    internal required string Weights { get; init; }

    /// <summary>The inference graph for a batch size.</summary>
    internal required Func<int, Graph> Graph { get; init; }

    /// <summary>Parameters and state.</summary>
    internal required IReadOnlyList<(string Name, HostTensor Tensor)> Tensors { get; init; }

    /// <summary>The number of classes.</summary>
    internal required int ClassCount { get; init; }

    /// <summary>Their names by number; null when the weights do not say.</summary>
    internal IReadOnlyList<string>? Classes { get; init; }

    /// <summary>How an image becomes an input.</summary>
    internal required Preprocessing Preprocessing { get; init; }

    /// <summary>How training divided a folder without a validation part: the share held back and the key of the choice; null if that is not known.</summary>
    internal ValidationSplit? Split { get; init; }

    /// <summary>Which views of an image it was evaluated with.</summary>
    internal Views Views { get; init; }

    /// <summary>The arithmetic that the model was trained in.</summary>
    internal Precision Precision { get; init; }

    /// <summary>What a program has to know of it, with given names for its classes.</summary>
    internal ModelCard Card(IReadOnlyList<string> classes) => new() { Model = Name, Classes = classes, Input = Preprocessing, Split = Split };

    /// <summary>The model as a program loads it, with given names for its classes.</summary>
    internal FoveaModel Shipped(IReadOnlyList<string> classes) => new()
    {
        Card = Card(classes),
        Graph = Graph(1),
        Weights = Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal),
    };
}
