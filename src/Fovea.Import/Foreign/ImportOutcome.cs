namespace Fovea.Import.Foreign;

/// <summary>What became of a key of a foreign file.</summary>
public enum ImportOutcome
{
    /// <summary>It is an option of the recipe now, or what the recipe does anyway.</summary>
    Translated,

    /// <summary>It says something of another machine or program, which changes nothing of what is learnt.</summary>
    Meaningless,

    /// <summary>It asks for what cannot be done here.</summary>
    Impossible,
}
