using Fovea.Tensors;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training.Checkpoints;

/// <summary>All that a run is at one moment.</summary>
/// <param name="Facts">What the run is about.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Tensors">The variables of its session: parameters, state and slots.</param>
public sealed record Checkpoint(RunFacts Facts, RunState State, IReadOnlyList<(string Name, HostTensor Tensor)> Tensors)
{
    /// <summary>The file that it was read from; empty if it was not.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether the run averages its weights.</summary>
    public bool HasAverages => Tensors.Any(entry => entry.Name.StartsWith(SlotNames.Average, StringComparison.Ordinal));

    /// <summary>The parameters and the state of the model: averages, where the run keeps any, otherwise those of the last step.</summary>
    public IReadOnlyList<(string Name, HostTensor Tensor)> Weights() => HasAverages ? Averages() : LastWeights();

    /// <summary>The parameters and the state of the last step.</summary>
    public IReadOnlyList<(string Name, HostTensor Tensor)> LastWeights() => [.. Tensors.Where(entry => !SlotNames.IsSlot(entry.Name))];

    private (string Name, HostTensor Tensor)[] Averages() =>
    [
        .. Tensors.Where(entry => entry.Name.StartsWith(SlotNames.Average, StringComparison.Ordinal))
            .Select(entry => (entry.Name[SlotNames.Average.Length..], entry.Tensor)),
    ];
}
