namespace Fovea.Tables;

/// <summary>Models side by side: size, work and accuracy, as Darknet's lists have them.</summary>
public sealed record ComparisonTable : RunTable
{
    private const double Billion = 1e9;

    /// <inheritdoc/>
    public override string Name => "comparison";

    /// <inheritdoc/>
    public override string Description => "Parameters, BFLOPs, FMA and accuracy of runs and models, beside official figures";

    /// <inheritdoc/>
    public override IReadOnlyList<string> PaperColumns => ["top-1", "top-5"];

    /// <inheritdoc/>
    public override ReportTable Of(IReadOnlyList<RunFigures> runs, FigureFile? paper = null) => new(
        ["model", ">params", ">BFLOPs", ">FMA, 10⁹", ">top-1, %", ">top-5, %", ">official top-1, %", ">official top-5, %"],
        [
            .. runs.Select(run => (TableCell[])
            [
                Label(run, runs), run.Millions is { } millions ? new($"{TableCell.Fixed(millions, 1).Text}M", run.Params) : TableCell.Empty,
                TableCell.Fixed(2 * run.Macs / Billion, 3), TableCell.Fixed(run.Macs / Billion, 3), Percent(run.Top1, 1), Percent(run.Top5, 1),
                Paper(paper, run, "top-1"), Paper(paper, run, "top-5"),
            ]),
        ],
        "BFLOPs: two for each multiply-accumulate (FMA) of convolutions and matrix products, for one image, in 10⁹. Accuracy of the best epoch.");
}
