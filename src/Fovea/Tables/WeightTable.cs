namespace Fovea.Tables;

/// <summary>Accuracy and size of runs, in the columns of pytorch-cifar-tricks' table of models.</summary>
public sealed record WeightTable : RunTable
{
    /// <inheritdoc/>
    public override string Name => "weights";

    /// <inheritdoc/>
    public override string Description => "Accuracy on both parts of the data, and the size of the weights, in the columns of pytorch-cifar-tricks";

    /// <inheritdoc/>
    public override ReportTable Of(IReadOnlyList<RunFigures> runs, FigureFile? paper = null) => new(
        ["Model", ">GPU Mem", ">Top1:train", ">Top1:val", ">weight:M"],
        [
            .. runs.Select(run => (TableCell[])
                [Label(run, runs), TableCell.Empty, Percent(run.TrainTop1, 2), Percent(run.Top1, 2), TableCell.AtMost(run.Megabytes, 2)]),
        ],
        "Top1: in percent, of the best epoch; of training as it went, by the weights of each step. weight:M: a file of fp32 weights, running statistics "
        + "included, in megabytes of 10⁶ bytes.");
}
