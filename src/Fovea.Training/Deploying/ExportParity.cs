using Fovea.Formats.Artefact;

namespace Fovea.Training.Deploying;

/// <summary>That an exported file, read back, computes what the model does.</summary>
public sealed record ExportParity
{
    /// <summary>What computed both, for example <c>oneDNN 3.7.2</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>The number of images.</summary>
    public required int Images { get; init; }

    /// <summary>The largest relative difference of the logits that passes.</summary>
    public required double Tolerance { get; init; }

    /// <summary>The difference of the logits.</summary>
    public required Difference Logits { get; init; }

    /// <summary>For how many images the likeliest class is another.</summary>
    public required int ChangedTop1 { get; init; }

    /// <summary>Whether the relative difference is a number up to the tolerance.</summary>
    public bool Passed => Images > 0 && Logits.Relative <= Tolerance;
}
