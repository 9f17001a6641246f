namespace Fovea.Tables;

/// <summary>A table that reports of models and runs have; what it is made of differs from kind to kind.</summary>
public abstract record TableKind
{
    /// <summary>All tables.</summary>
    public static IReadOnlyList<TableKind> All { get; } =
    [
        new StatisticsTable(), new ClassTable(), new TrainClassTable(), new CostTable(), .. RunTable.Kinds, new TrickTable(),
    ];

    /// <summary>What it is called, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>What it shows.</summary>
    public abstract string Description { get; }
}
