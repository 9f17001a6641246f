namespace Fovea.Backends.OneDnn.Interop;

/// <summary>What the integers of a product stand for: (x − zero) · scale.</summary>
/// <param name="Source">The scale of what is multiplied with the weights.</param>
/// <param name="SourceZero">Its zero point.</param>
/// <param name="Weights">The scales of the weights, one for each channel of the result; their zero points are 0.</param>
/// <param name="Result">The scale of the result; 1 where it is fractions.</param>
/// <param name="ResultZero">Its zero point.</param>
/// <param name="IsGrouped">Whether the weights have an axis of groups.</param>
internal sealed record IntegerScales(float Source, int SourceZero, float[] Weights, float Result, int ResultZero, bool IsGrouped)
{
    /// <summary>What a unit of the sums of products stands for, of each channel.</summary>
    internal float[] Sums => Array.ConvertAll(Weights, scale => scale * Source);
}
