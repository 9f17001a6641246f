namespace Fovea.Recipes.Ablations;

/// <summary>Which tricks are on together; spelt in lower case in a grid.</summary>
public enum AblationArrangement
{
    /// <summary>None, then each alone.</summary>
    Each,

    /// <summary>All, then all but each.</summary>
    Without,

    /// <summary>None, each alone, then each two.</summary>
    Pairs,

    /// <summary>Every combination, those of few tricks first.</summary>
    Full,
}
