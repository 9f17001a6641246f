namespace Fovea.Training.Logging.Styles;

/// <summary>What is known of an evaluation before it begins.</summary>
/// <param name="Model">What the model is called.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Batches">The number of batches.</param>
public sealed record EvaluationOverview(string Model, int Classes, int Batches)
{
    /// <summary>The k of «top-k»; by default five, or as many as there are classes.</summary>
    public int TopK { get; init; } = Math.Min(5, Classes);
}
