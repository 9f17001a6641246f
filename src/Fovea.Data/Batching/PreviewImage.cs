namespace Fovea.Data.Batching;

/// <summary>An input of the model as a picture again.</summary>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels">[Height, Width, 3], red first; what lies outside of 0–255, as the noise of random erasing does, is cut off.</param>
/// <param name="Shares">The classes that it is of, by their numbers, with the share of each; the largest first.</param>
public sealed record PreviewImage(int Width, int Height, byte[] Pixels, IReadOnlyList<(int Class, double Share)> Shares);
