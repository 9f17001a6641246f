namespace Fovea.Tables;

/// <summary>The errors of runs beside those of a paper.</summary>
public sealed record ErrorTable : RunTable
{
    private const int Decimals = 3;

    private static readonly (string Name, Func<RunFigures, double?> Share)[] s_errors = [("top-1 err", run => run.Top1), ("top-5 err", run => run.Top5)];

    /// <inheritdoc/>
    public override string Name => "errors";

    /// <inheritdoc/>
    public override string Description => "Top-1 and top-5 error in percent, beside a paper's";

    /// <inheritdoc/>
    public override IReadOnlyList<string> PaperColumns => [.. s_errors.Select(error => error.Name)];

    /// <inheritdoc/>
    public override ReportTable Of(IReadOnlyList<RunFigures> runs, FigureFile? paper = null) => new(
        ["model", "metric", ">paper", ">reproduced"],
        [
            .. from run in runs
               from error in s_errors
               select (TableCell[])[Label(run, runs), error.Name, Paper(paper, run, error.Name), TableCell.Fixed(100 * (1 - error.Share(run)), Decimals)],
        ],
        "Error in percent: 100 less the accuracy of the best epoch.");
}
