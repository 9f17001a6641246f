using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Training.Optimizers;

/// <summary>What is known of a run that begins before its variables are made.</summary>
public record RunBeginning
{
    /// <summary>The inference graph of the model.</summary>
    public required Graph Model { get; init; }

    /// <summary>Whether the model starts from given weights, not from random ones.</summary>
    public required bool HasWeights { get; init; }

    /// <summary>Reads the weights in a file of any kind, or of the latest checkpoint in the folder of a run; null where neither is at the path.</summary>
    public required Func<string, IReadOnlyList<(string Name, HostTensor Tensor)>?> Read { get; init; }
}
