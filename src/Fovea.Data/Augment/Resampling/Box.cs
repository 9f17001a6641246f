namespace Fovea.Data.Augment.Resampling;

/// <summary>A rectangle in pixels; fractions cut pixels.</summary>
/// <param name="Left">Where it begins, from the left border.</param>
/// <param name="Top">Where it begins, from the upper border.</param>
/// <param name="Right">Where it ends.</param>
/// <param name="Bottom">Where it ends.</param>
public readonly record struct Box(float Left, float Top, float Right, float Bottom);
