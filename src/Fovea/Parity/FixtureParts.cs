namespace Fovea.Parity;

/// <summary>What of a fixture of Darknet is compared.</summary>
public enum FixtureParts
{
    /// <summary>All that it has.</summary>
    All,

    /// <summary>What follows from the cfg alone: shapes, work, the printed table, counts.</summary>
    Structure,
}
