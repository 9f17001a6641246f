namespace Fovea.Data.Synth;

/// <summary>What <see cref="SynthDataset"/> has drawn.</summary>
/// <param name="Classes">The classes, largest first.</param>
/// <param name="Images">The number of files, training and validation together.</param>
/// <param name="PngImages">How many of them are PNG; the others are JPEG.</param>
/// <param name="Bytes">The size of all files together.</param>
/// <param name="MedianSide">The median of the pictures' longer sides, in pixels.</param>
public sealed record SynthSummary(IReadOnlyList<SynthClass> Classes, int Images, int PngImages, long Bytes, int MedianSide);

/// <summary>One class of a drawn data set.</summary>
/// <param name="Name">The name of its folders, such as <c>stop-octagon-bar</c>.</param>
/// <param name="Train">The number of training pictures.</param>
/// <param name="Val">The number of validation pictures.</param>
public sealed record SynthClass(string Name, int Train, int Val);
