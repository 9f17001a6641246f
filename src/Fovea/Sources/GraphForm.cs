namespace Fovea.Sources;

/// <summary>What can be chosen of a model's graph.</summary>
/// <param name="Batch">Images at a time, from 1.</param>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Columns of an image.</param>
/// <param name="Classes">The classes of a new classifier; null, the default, for the one that the model has.</param>
public sealed record GraphForm(int Batch, int Height, int Width, int? Classes = null);
