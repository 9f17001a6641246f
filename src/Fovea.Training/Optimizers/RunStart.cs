using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Training.Optimizers;

/// <summary>A run before its first step; what is resumed has no start.</summary>
public sealed record RunStart
{
    /// <summary>The variables, all with their initial values.</summary>
    public required ISession Session { get; init; }

    /// <summary>The inference graph of the model.</summary>
    public required Graph Model { get; init; }

    /// <summary>The key of initial weights.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether the model starts from given weights, not from random ones.</summary>
    public required bool HasWeights { get; init; }

    /// <summary>Reads the weights in a file of any kind, or of the latest checkpoint in the folder of a run; null where neither is at the path.</summary>
    public required Func<string, IReadOnlyList<(string Name, HostTensor Tensor)>?> Read { get; init; }
}
