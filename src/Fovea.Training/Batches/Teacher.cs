namespace Fovea.Training.Batches;

/// <summary>Computes what a model that is not trained makes of a batch, for a student to learn from.</summary>
/// <param name="batch">The batch as the student sees it; where training images grow (<c>data.progressive</c>), of the size of the moment.</param>
/// <param name="logits">Receives the logits, [Count, classes], row-major.</param>
public delegate void Teacher(Batch batch, Span<float> logits);
