namespace Fovea.Training.Checkpoints;

/// <summary>What a run is about: kept in every checkpoint, and compared when one is taken up again.</summary>
public sealed record RunFacts
{
    /// <summary>The name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// Its inference graph for one image, as <see cref="Graphs.GraphPrinter"/> prints it, so that no catalogue is needed to read the weights. Empty, the
    /// default, in checkpoints of versions that did not keep it.
    /// </summary>
    public string Graph { get; init; } = "";

    /// <summary>The names of the classes, by number.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>How images become inputs, as JSON; what writes it also reads it. Default: an empty object.</summary>
    public string Preprocessing { get; init; } = "{}";

    /// <summary>The resolved recipe, as YAML. Default: nothing.</summary>
    public string Recipe { get; init; } = "";

    /// <summary>The version of the tool. Default: that of this library.</summary>
    public string ToolVersion { get; init; } = typeof(RunFacts).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>The key of all randomness.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Images in a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Batches that make an update.</summary>
    public required int Accumulate { get; init; }

    /// <summary>The images of an epoch.</summary>
    public required int Samples { get; init; }

    /// <summary>What tells them from others; empty, the default, where only their number is known.</summary>
    public string Images { get; init; } = "";

    /// <summary>
    /// What tells the images that a rule has held back from others (<see cref="Fovea.Data.Sources.HeldBackImages"/>); empty where the data had a validation
    /// part of its own, so that nothing was. Null, the default, where that is not known, as in checkpoints of versions that did not keep it.
    /// </summary>
    public string? HeldBack { get; init; }
}
