using System.Text.Json;
using Fovea.Json;

namespace Fovea.Formats.Artefact;

/// <summary>How far two results are apart.</summary>
/// <param name="Largest">The largest absolute difference of two elements.</param>
/// <param name="Relative">The Euclidean norm of the differences over that of the expected elements.</param>
public readonly record struct Difference(double Largest, double Relative);

/// <summary>How far a folded block is from the original one.</summary>
/// <param name="Path">Its module, as in <c>stages.0.1</c>.</param>
/// <param name="Difference">The difference of its output over all images.</param>
public sealed record BlockProof(string Path, Difference Difference);

/// <summary>That a shipped model computes what the trained one does: measured on images, block by block and end to end.</summary>
public sealed record Proof
{
    /// <summary>What computed both, for example <c>oneDNN 3.7.2</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>The number of images.</summary>
    public required int Images { get; init; }

    /// <summary>The largest relative difference that passes, of the logits and of each block.</summary>
    public required double Tolerance { get; init; }

    /// <summary>The difference of the logits over all images.</summary>
    public required Difference Logits { get; init; }

    /// <summary>For how many images the likeliest class is another.</summary>
    public required int ChangedTop1 { get; init; }

    /// <summary>The blocks that were folded, in their order.</summary>
    public required IReadOnlyList<BlockProof> Blocks { get; init; }

    /// <summary>Whether there were images and every relative difference is a number up to the tolerance.</summary>
    public bool Passed => Images > 0 && Logits.Relative <= Tolerance && Blocks.All(block => block.Difference.Relative <= Tolerance);

    /// <summary>The block that is farthest from the original; null where none was folded.</summary>
    public BlockProof? Worst => Blocks.MaxBy(block => double.IsNaN(block.Difference.Relative) ? double.PositiveInfinity : block.Difference.Relative);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no such object.</exception>
    public static Proof FromJson(string text) => JsonText.Read(text, "the proof", FormatsJson.Plain.ProofJson).ToProof();

    /// <summary>The proof as a JSON object; numbers that are not finite become null.</summary>
    public string ToJson() => JsonSerializer.Serialize(ProofJson.Of(this), FormatsJson.Plain.ProofJson);
}
