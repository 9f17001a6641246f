namespace Fovea.Darknet;

/// <summary>A change of the learning rate.</summary>
/// <param name="Batch">After which update.</param>
/// <param name="Scale">What the rate is multiplied with.</param>
/// <param name="SequenceScale">What the length of sequences is multiplied with.</param>
public sealed record RateStep(int Batch, double Scale, double SequenceScale);
