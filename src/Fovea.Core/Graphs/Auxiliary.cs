namespace Fovea.Graphs;

/// <summary>Logits beside a model's own that training alone computes, as of the side heads of GoogLeNet (arXiv:1409.4842 §5).</summary>
/// <remarks>
/// In a model graph they are dormant: no run computes them, and <see cref="Fovea.Passes.EliminateDeadNodes"/> leaves them out. The pass
/// <see cref="Fovea.Passes.EnterTraining"/> makes outputs of them, and a training step adds their loss to the model's.
/// </remarks>
/// <param name="Name">The name of the output in the training form.</param>
/// <param name="Value">[N, classes].</param>
/// <param name="LossWeight">What their loss is multiplied with before it is added, above 0.</param>
public sealed record Auxiliary(string Name, Value Value, double LossWeight);
