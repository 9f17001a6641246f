using Fovea.Formats.Artefact;
using Fovea.Sources;
using Fovea.Tensors;
using Fovea.Training.Deploying;

namespace Fovea.Converting;

/// <summary>What came of a conversion.</summary>
public sealed record Conversion
{
    /// <summary>The name of the model; empty where scales of RepOptimizers were converted.</summary>
    public required string Model { get; init; }

    /// <summary>The tensors that were taken: what the source calls them, what the model does, in which shape they came.</summary>
    public required IReadOnlyList<SpeltTensor> Keys { get; init; }

    /// <summary>Whose spelling of names the source has; empty for the catalogue's own.</summary>
    public string Spelling { get; init; } = "";

    /// <summary>Whether the source is in the deploy form. Default false.</summary>
    public bool IsDeployed { get; init; }

    /// <summary>The model's tensors that the source lacks.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The source's tensors that the model lacks, as the source calls them.</summary>
    public IReadOnlyList<string> Unexpected { get; init; } = [];

    /// <summary>Those that have another shape, or another element type that says something else.</summary>
    public IReadOnlyList<(string Name, TensorType Given, TensorType Wanted)> Mismatched { get; init; } = [];

    /// <summary>Why the source was not taken; null, the default, where it was.</summary>
    public string? Refusal { get; init; }

    /// <summary>The comparison of each folded block; null, the default, where nothing was folded.</summary>
    public Proof? Proof { get; init; }

    /// <summary>The comparison of the logits of the source and of what was written, read back; null, the default, where it did not come to that.</summary>
    public ExportParity? Parity { get; init; }

    /// <summary>Whether source and target are the same function, as far as that was asked for.</summary>
    public bool Passed => Refusal is null && Proof is not { Passed: false } && Parity is not { Passed: false };
}
