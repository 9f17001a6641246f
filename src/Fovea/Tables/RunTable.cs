namespace Fovea.Tables;

/// <summary>A table with a row, or a few, for each run.</summary>
public abstract record RunTable : TableKind
{
    /// <summary>The tables of runs.</summary>
    public static IReadOnlyList<RunTable> Kinds { get; } =
        [new ResultTable(), new MetricTable(), new ErrorTable(), new WeightTable(), new LossTable(), new ComparisonTable()];

    /// <summary>The columns of a paper's figures that it shows beside its own, by their names in the file; default none.</summary>
    public virtual IReadOnlyList<string> PaperColumns => [];

    /// <summary>The table.</summary>
    /// <param name="runs">The runs, in the order of the rows.</param>
    /// <param name="paper">Figures of a paper, by the name of a run or of its model; null for none.</param>
    public abstract ReportTable Of(IReadOnlyList<RunFigures> runs, FigureFile? paper = null);

    /// <summary>The table, once it is sure that no figure of the paper would be lost.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    /// <exception cref="TableException">The paper has a row of no run, or a column that the table does not have.</exception>
    public ReportTable Checked(IReadOnlyList<RunFigures> runs, FigureFile? paper)
    {
        if (paper is null) return Of(runs);
        paper.CheckRows([.. runs.SelectMany(run => new[] { run.Name, run.Model }).Distinct(StringComparer.OrdinalIgnoreCase)]);
        if (paper.Columns.FirstOrDefault(column => !PaperColumns.Contains(column, StringComparer.OrdinalIgnoreCase)) is { } odd)
            throw new TableException(
                $"{Fovea.Naming.Printable.Of(paper.Path)}:1: the table {Name} has no column '{Fovea.Naming.Printable.Of(odd)}' of a paper; "
                + $"wanted {(PaperColumns.Count == 0 ? "no figures of a paper" : string.Join(" or ", PaperColumns))}");
        return Of(runs, paper);
    }

    /// <summary>A figure of a paper for a run, by the run's name or else by its model's.</summary>
    private protected static TableCell Paper(FigureFile? paper, RunFigures run, string column) =>
        paper is null ? TableCell.Empty : paper.Cell(paper.Find(run.Name) is null ? run.Model : run.Name, column);

    /// <summary>What a row of a run is called: by its model, and where several runs are of one, by their names, too.</summary>
    private protected static string Label(RunFigures run, IReadOnlyList<RunFigures> runs) =>
        run.Name != run.Model && runs.Count(other => other.Model == run.Model) > 1 ? $"{run.Model} ({run.Name})" : run.Model;

    private protected static TableCell Percent(double? share, int decimals) => TableCell.Fixed(100 * share, decimals);
}
