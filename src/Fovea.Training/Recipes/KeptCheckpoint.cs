namespace Fovea.Training.Recipes;

/// <summary>A checkpoint that a run leaves.</summary>
public enum KeptCheckpoint
{
    /// <summary>Where the run stands: all that it goes on from.</summary>
    Latest,

    /// <summary>The latest before that, in case the latest is damaged.</summary>
    Previous,

    /// <summary>The weights of the best evaluation alone, as they were evaluated: averages, where the run keeps any.</summary>
    Best,

    /// <summary>All of the run at its best evaluation, so that it can go on from there.</summary>
    BestState,
}
