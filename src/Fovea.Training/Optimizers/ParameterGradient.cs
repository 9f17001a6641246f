using Fovea.Graphs;

namespace Fovea.Training.Optimizers;

/// <summary>A parameter and the gradient of the loss by it, not scaled: of a batch, or of the sum over its images.</summary>
/// <param name="Weight">The parameter.</param>
/// <param name="Gradient">Of its shape, f32.</param>
public readonly record struct ParameterGradient(Value Weight, Value Gradient);
