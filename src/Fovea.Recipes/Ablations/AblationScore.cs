namespace Fovea.Recipes.Ablations;

/// <summary>Which evaluation of a run counts; spelt in lower case in a grid.</summary>
public enum AblationScore
{
    /// <summary>That after the last epoch.</summary>
    Last,

    /// <summary>The best of all: a little too good, since the images chose it.</summary>
    Best,
}
