namespace Fovea.Data.Sources.Archives;

/// <summary>Images of one size as a file holds them: samples of 8 bits, one colour plane behind the other.</summary>
/// <param name="Name">The file.</param>
/// <param name="Data">Its bytes.</param>
/// <param name="Start">Where the samples of the first image begin.</param>
/// <param name="Stride">Bytes from one image to the next.</param>
/// <param name="Labels">The class of each image.</param>
internal sealed record RawBlock(string Name, byte[] Data, int Start, int Stride, int[] Labels);
