
namespace Fovea.Training.Metrics;

/// <summary>How well one class is recognised.</summary>
/// <param name="Class">Its number, from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="Count">The images of this class.</param>
/// <param name="Correct">How many of them were recognised.</param>
public sealed record ClassAccuracy(int Class, string Name, long Count, long Correct)
{
    /// <summary>Correct / Count, 0–1; null when there is no image of the class.</summary>
    public double? Accuracy => Count == 0 ? null : (double)Correct / Count;
}
