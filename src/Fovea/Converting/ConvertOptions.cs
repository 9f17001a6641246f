using Fovea.Sources;
using Fovea.Training.Deploying;

namespace Fovea.Converting;

/// <summary>What is said of a conversion beside its two places.</summary>
public sealed record ConvertOptions
{
    /// <summary>The model of the catalogue that a file of weights is of; null, the default, for a source that says it itself.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// What else is said of the source: the part of a file of weights, the classes of <see cref="Model"/>, the checkpoint of a run, the images.
    /// Default nothing.
    /// </summary>
    public LoadOptions Load { get; init; } = new();

    /// <summary>The names of the classes; null, the default, for those that the source knows, or else their numbers.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Whether weights are written in the deploy form, branches and norms folded; models always are. Default false.</summary>
    public bool Deploy { get; init; }

    /// <summary>
    /// Whether tensors that are missing or of another shape start as in a new model, and others than the model's are left out. Default false.
    /// </summary>
    public bool AllowPartial { get; init; }

    /// <summary>Whether weights are named by their order, where nothing knows their names. Default false.</summary>
    public bool ByOrder { get; init; }

    /// <summary>Whether everything is done but writing the target. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>The largest relative difference of the logits, and of each folded block, that passes. Default 1e-4.</summary>
    public double Tolerance { get; init; } = DeployProof.DefaultTolerance;
}
