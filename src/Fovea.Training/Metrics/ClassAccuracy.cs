
namespace Fovea.Training.Metrics;

/// <summary>How well one class is recognised.</summary>
/// <param name="Class">Its number, from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="Count">The images of this class.</param>
/// <param name="Correct">How many of them were recognised.</param>
/// <param name="Predicted">The images, of any class, that were taken for it.</param>
public sealed record ClassAccuracy(int Class, string Name, long Count, long Correct, long Predicted)
{
    /// <summary>Correct / Count, 0–1, also called recall; null when there is no image of the class.</summary>
    public double? Accuracy => Count == 0 ? null : (double)Correct / Count;

    /// <summary>Correct / Predicted, 0–1; null when no image was taken for the class.</summary>
    public double? Precision => Predicted == 0 ? null : (double)Correct / Predicted;

    /// <summary>2·Correct / (Count + Predicted), 0–1, the harmonic mean of recall and precision; null when neither has an image.</summary>
    public double? F1 => Count + Predicted == 0 ? null : 2.0 * Correct / (Count + Predicted);
}
