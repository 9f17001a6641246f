namespace Fovea.Formats.Artefact;

/// <summary>A <see cref="Proof"/> as the JSON of a file has it.</summary>
internal sealed record ProofJson(string Backend, int Images, double Tolerance, bool Passed, DifferenceJson Logits, int ChangedTop1, BlockJson[] Blocks)
{
    internal static ProofJson Of(Proof proof) => new(
        proof.Backend, proof.Images, proof.Tolerance, proof.Passed, new(proof.Logits.Largest, proof.Logits.Relative), proof.ChangedTop1,
        [.. proof.Blocks.Select(block => new BlockJson(block.Path, block.Difference.Largest, block.Difference.Relative))]);

    internal Proof ToProof() => new()
    {
        Backend = Backend,
        Images = Images,
        Tolerance = Tolerance,
        Logits = new(Logits.LargestDifference, Logits.RelativeError),
        ChangedTop1 = ChangedTop1,
        Blocks = [.. Blocks.Select(block => new BlockProof(block.Path, new(block.LargestDifference, block.RelativeError)))],
    };
}

/// <summary>A <see cref="Difference"/>.</summary>
internal sealed record DifferenceJson(double LargestDifference, double RelativeError);

/// <summary>A <see cref="BlockProof"/>.</summary>
internal sealed record BlockJson(string Path, double LargestDifference, double RelativeError);
