namespace Fovea.Training.Optimizers;

/// <summary>A number that a step is given at each update: an input f32 [] of its graph, which is computed in double.</summary>
/// <param name="Name">The name of the input.</param>
/// <param name="At">Its value; must not allocate.</param>
public sealed record StepNumber(string Name, Func<StepMoment, double> At);
