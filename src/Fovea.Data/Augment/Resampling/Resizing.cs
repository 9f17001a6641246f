using Fovea.Images;

namespace Fovea.Data.Augment.Resampling;

/// <summary>How an image takes another size.</summary>
/// <param name="Width">The new width.</param>
/// <param name="Height">The new height.</param>
/// <param name="Interpolation">How pixels are weighted.</param>
/// <param name="Box">The part of the source that becomes the whole.</param>
internal readonly record struct Resizing(int Width, int Height, Interpolation Interpolation, Box Box);
