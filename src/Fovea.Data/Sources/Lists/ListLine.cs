namespace Fovea.Data.Sources.Lists;

/// <summary>A line of a list.</summary>
/// <param name="Number">Where it begins in the file, from 1.</param>
/// <param name="Path">The path of an image, as it is written.</param>
/// <param name="Label">Its class: a number or a name.</param>
internal readonly record struct ListLine(int Number, string Path, string Label);
