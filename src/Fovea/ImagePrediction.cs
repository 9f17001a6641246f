using Fovea.Data.Decoding;

namespace Fovea;

/// <summary>What came of an image file: a prediction, or why there is none.</summary>
/// <param name="Path">The file.</param>
/// <param name="Prediction">What the classifier thinks of it; null where the image could not be read.</param>
/// <param name="Failure">Why the image could not be read; null where there is a prediction.</param>
public sealed record ImagePrediction(string Path, Prediction? Prediction, ImageException? Failure)
{
    /// <summary>The file with the likeliest class, as in <c>a.jpg: cat (97.2 %)</c>, or the message of the failure, which names the file.</summary>
    public override string ToString() => Failure?.Message ?? $"{Path}: {Prediction}";
}
