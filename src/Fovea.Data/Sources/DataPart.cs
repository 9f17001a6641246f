namespace Fovea.Data.Sources;

/// <summary>A part of a data set that is no folder of class folders.</summary>
/// <param name="Name">How it is called: <c>train</c>, <c>test</c>; empty where the data has one part that has no name.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Images">Its images.</param>
internal sealed record DataPart(string Name, PartKind Kind, IImageSource Images);
