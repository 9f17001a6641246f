namespace Fovea.Analysis;

/// <summary>What a variable of a classifier does to the logits.</summary>
public enum ClassifierPart
{
    /// <summary>It makes them: the weight of a linear layer or a convolution.</summary>
    Weight,

    /// <summary>It is added to them: a bias, or a mean that is taken off.</summary>
    Shift,

    /// <summary>It multiplies them: a scale, or a variance that divides.</summary>
    Scale,
}
