using System.Text.Json.Serialization;

namespace Fovea.Formats.Artefact;

/// <summary>A <see cref="Proof"/> as the JSON of a file has it.</summary>
internal sealed record ProofJson(string Backend, int Images, double Tolerance, bool Passed, DifferenceJson Logits, int ChangedTop1, BlockJson[] Blocks)
{
    internal static ProofJson Of(Proof proof) => new(
        proof.Backend, proof.Images, proof.Tolerance, proof.Passed, new(proof.Logits.Largest, proof.Logits.Relative), proof.ChangedTop1,
        [.. proof.Blocks.Select(block => new BlockJson(block.Path, block.Difference.Largest, block.Difference.Relative))]);

    /// <summary>The proof, if its numbers can be those of one.</summary>
    /// <exception cref="FormatException">A count or a difference is none.</exception>
    internal Proof ToProof()
    {
        if (Images < 0 || ChangedTop1 < 0 || ChangedTop1 > Images)
            throw new FormatException($"the proof: {ChangedTop1} of {Images} images changed their class; wanted numbers from 0, the first up to the second");
        if (Tolerance < 0 || IsNegative(Logits.LargestDifference, Logits.RelativeError)
            || Array.Exists(Blocks, block => IsNegative(block.LargestDifference, block.RelativeError)))
            throw new FormatException("the proof: a difference or the tolerance is negative");
        return new()
        {
            Backend = Backend,
            Images = Images,
            Tolerance = Tolerance,
            Logits = new(Logits.LargestDifference, Logits.RelativeError),
            ChangedTop1 = ChangedTop1,
            Blocks = [.. Blocks.Select(block => new BlockProof(block.Path, new(block.LargestDifference, block.RelativeError)))],
        };
    }

    private static bool IsNegative(double largest, double relative) => largest < 0 || relative < 0;
}

/// <summary>A <see cref="Difference"/>.</summary>
internal sealed record DifferenceJson(double LargestDifference, double RelativeError);

/// <summary>A <see cref="BlockProof"/>; a structure, so that none is null.</summary>
[method: JsonConstructor]
internal readonly record struct BlockJson(string Path, double LargestDifference, double RelativeError);
