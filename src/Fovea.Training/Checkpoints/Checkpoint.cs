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

    /// <summary>
    /// Whether a run can go on from it: default true. Otherwise its tensors are the weights that are evaluated, without what the optimizer remembers.
    /// </summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Whether <see cref="Weights"/> are averages.</summary>
    public bool HasAverages
    {
        get => field || Tensors.Any(entry => entry.Name.StartsWith(SlotNames.Average, StringComparison.Ordinal));
        internal init;
    }

    /// <summary>
    /// The parameters and the state of the model as they are evaluated: averages, where the run keeps any (of frozen parts it keeps none), otherwise those of
    /// the last step.
    /// </summary>
    public IReadOnlyList<(string Name, HostTensor Tensor)> Weights()
    {
        var averages = Tensors.Where(entry => entry.Name.StartsWith(SlotNames.Average, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Name[SlotNames.Average.Length..], entry => entry.Tensor, StringComparer.Ordinal);
        return [.. LastWeights().Select(entry => (entry.Name, averages.GetValueOrDefault(entry.Name, entry.Tensor)))];
    }

    /// <summary>The parameters and the state of the last step.</summary>
    public IReadOnlyList<(string Name, HostTensor Tensor)> LastWeights() => [.. Tensors.Where(entry => !SlotNames.IsSlot(entry.Name))];

    /// <summary>The same moment with the weights alone (<see cref="Weights"/>).</summary>
    public Checkpoint WeightsAlone() => this with { Tensors = Weights(), HasAverages = HasAverages, IsWhole = false };
}
