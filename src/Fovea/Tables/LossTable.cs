namespace Fovea.Tables;

/// <summary>Error and loss of runs, in the columns of pytorch-cifar-tricks.</summary>
public sealed record LossTable : RunTable
{
    private const string PaperError = "error rate";

    /// <inheritdoc/>
    public override string Name => "losses";

    /// <inheritdoc/>
    public override string Description => "Error rate with the accuracy beside it, and loss, beside a paper's error, in the columns of pytorch-cifar-tricks";

    /// <inheritdoc/>
    public override IReadOnlyList<string> PaperColumns => [PaperError];

    /// <inheritdoc/>
    public override ReportTable Of(IReadOnlyList<RunFigures> runs, FigureFile? paper = null) => new(
        ["Model", ">Error rate", ">Loss", ">Error rate (paper)"],
        [.. runs.Select(run => (TableCell[])[Label(run, runs), Error(run), TableCell.Fixed(run.Loss, 3), Paper(paper, run, PaperError)])],
        "Error rate: in percent, with the accuracy in parentheses; loss in nats; of the best epoch.");

    private static TableCell Error(RunFigures run) => run.Top1 is { } share
        ? new($"{TableCell.Fixed(100 * (1 - share), 2).Text}({Percent(share, 2).Text})", 100 * (1 - share))
        : TableCell.Empty;
}
