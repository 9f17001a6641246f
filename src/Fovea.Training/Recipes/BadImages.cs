namespace Fovea.Training.Recipes;

/// <summary>What is done with an image that cannot be read.</summary>
public enum BadImages
{
    /// <summary>The run ends, and says which image it was.</summary>
    Fail,

    /// <summary>It is left out; the log counts and names it.</summary>
    Skip,

    /// <summary>It is moved out of the data set; the log counts and names it.</summary>
    Quarantine,
}
