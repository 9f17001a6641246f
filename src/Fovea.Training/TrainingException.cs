namespace Fovea.Training;

/// <summary>A run cannot start or go on: the loss is not finite, a checkpoint does not fit, the folder is in use.</summary>
public sealed class TrainingException(string message, Exception? inner = null) : Exception(message, inner);
