namespace Fovea.Training.Initializers;

/// <summary>Which numbers meet in a weight.</summary>
public enum FanMode
{
    /// <summary>Those that make an output: activations keep their variance.</summary>
    FanIn,

    /// <summary>Those that an input goes into: gradients keep their variance.</summary>
    FanOut,
}
