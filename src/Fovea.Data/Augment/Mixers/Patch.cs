namespace Fovea.Data.Augment;

/// <summary>A rectangle of an image that is copied to a place in another.</summary>
/// <param name="Image">Of which image.</param>
/// <param name="Left">Where it goes.</param>
/// <param name="Top">Where it goes.</param>
/// <param name="Width">Its columns; there may be none.</param>
/// <param name="Height">Its rows; there may be none.</param>
/// <param name="FromLeft">Where it comes from.</param>
/// <param name="FromTop">Where it comes from.</param>
internal readonly record struct Patch(int Image, int Left, int Top, int Width, int Height, int FromLeft, int FromTop);
