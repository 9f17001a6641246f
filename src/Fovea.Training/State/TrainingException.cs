namespace Fovea.Training.State;

/// <summary>A run cannot start or go on: the loss is not finite, a checkpoint does not fit, the folder is in use.</summary>
public sealed class TrainingException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The name of a checkpoint that the run can go on from instead, such as <c>best</c>; null where there is none.</summary>
    public string? Alternative { get; init; }

    /// <summary>Whether the loss has ceased to be finite.</summary>
    public bool IsDivergence { get; init; }
}
