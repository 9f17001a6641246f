namespace Fovea.Import.Foreign;

/// <summary>What a key of a foreign file holds.</summary>
internal enum ForeignKind
{
    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A word.</summary>
    Text,

    /// <summary>A list of numbers, or one alone.</summary>
    Numbers,

    /// <summary>Keys below it, or a list of such, which others read.</summary>
    Section,

    /// <summary>Anything; nobody reads it.</summary>
    Anything,
}
