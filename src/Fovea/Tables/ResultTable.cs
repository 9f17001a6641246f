namespace Fovea.Tables;

/// <summary>Speed and accuracy of runs, in the columns of MindCV's tables.</summary>
public sealed record ResultTable : RunTable
{
    /// <inheritdoc/>
    public override string Name => "results";

    /// <inheritdoc/>
    public override string Description => "Parameters, batch, time of a step, images per second and accuracy, in the columns of MindCV";

    /// <inheritdoc/>
    public override ReportTable Of(IReadOnlyList<RunFigures> runs, FigureFile? paper = null) => new(
        [
            "model name", ">params(M)", ">cards", ">batch size", ">resolution", "jit level", "graph compile", ">ms/step", ">img/s", ">acc@top1", ">acc@top5",
            "recipe", "weight",
        ],
        [.. runs.Select(run => Row(run, runs))],
        "params(M): with the running statistics of norms, as a file of weights has them. batch size: of one card. ms/step: the median of what the run's log "
        + "reports of its batches, waiting for images included; img/s = cards · batch size / step. acc: of the best epoch, in percent.");

    private static TableCell[] Row(RunFigures run, IReadOnlyList<RunFigures> runs) =>
    [
        Label(run, runs), TableCell.Fixed(run.MillionsWithStatistics, 2), TableCell.Whole(run.Cards), TableCell.Whole(run.BatchSize),
        run.ImageSize is var (height, width) ? $"{height}x{width}" : "", TableCell.Empty, TableCell.Empty, TableCell.Fixed(run.StepMilliseconds, 2),
        TableCell.Fixed(run.ImagesPerSecond, 2), Percent(run.Top1, 2), Percent(run.Top5, 2), run.Recipe, run.Weights,
    ];
}
