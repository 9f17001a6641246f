namespace Fovea.Tables;

/// <summary>The metrics of runs beside those of a paper.</summary>
public sealed record MetricTable : RunTable
{
    private const int Decimals = 5;

    private static readonly (string Name, Func<RunFigures, double?> Of)[] s_metrics =
        [("top-1", run => run.Top1), ("top-5", run => run.Top5), ("macro", run => run.Macro), ("loss", run => run.Loss)];

    /// <inheritdoc/>
    public override string Name => "metrics";

    /// <inheritdoc/>
    public override string Description => "Top-1, top-5, mean over classes and loss of the best epoch, as fractions, beside a paper's";

    /// <inheritdoc/>
    public override IReadOnlyList<string> PaperColumns => [.. s_metrics.Select(metric => metric.Name)];

    /// <inheritdoc/>
    public override ReportTable Of(IReadOnlyList<RunFigures> runs, FigureFile? paper = null) => new(
        ["model", "metric", ">paper", ">reproduced"],
        [
            .. from run in runs
               from metric in s_metrics
               select (TableCell[])[Label(run, runs), metric.Name, Paper(paper, run, metric.Name), TableCell.Fixed(metric.Of(run), Decimals)],
        ],
        "Fractions 0-1, loss in nats; of the best epoch.");
}
