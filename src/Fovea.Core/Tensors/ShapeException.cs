namespace Fovea.Tensors;

/// <summary>A shape is none, inputs do not fit an operation, or an architecture does not fit an input size.</summary>
public sealed class ShapeException(string message) : Exception(message);
