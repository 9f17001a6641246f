namespace Fovea.Training.Logging.Styles;

/// <summary>What is known of an evaluation before it begins.</summary>
/// <param name="Model">What the model is called.</param>
/// <param name="Weights">Where its weights are from.</param>
/// <param name="Data">Where the images are from.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Images">The number of images.</param>
/// <param name="Batches">The number of batches.</param>
public sealed record EvaluationOverview(string Model, string Weights, string Data, int Classes, int Images, int Batches)
{
    /// <summary>The k of «top-k»; by default five, or as many as there are classes.</summary>
    public int TopK { get; init; } = Math.Min(5, Classes);
}
