namespace Fovea.Models.ImageNet;

/// <summary>A block of an <see cref="InvertedResidualNet"/> among all.</summary>
/// <param name="Number">Counted from 0 through all stages.</param>
/// <param name="Stage">Its stage, from 0.</param>
/// <param name="Index">Counted from 0 in its stage.</param>
/// <param name="Line">What it is made of.</param>
internal sealed record NumberedBlock(int Number, int Stage, int Index, BlockLine Line)
{
    /// <summary>The beginning of its tensors' names: <c>blocks.1.0</c>.</summary>
    internal string Path => $"blocks.{Stage}.{Index}";
}
