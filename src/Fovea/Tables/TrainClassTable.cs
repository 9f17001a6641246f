using Fovea.Training.Metrics;

namespace Fovea.Tables;

/// <summary>How well each class of the training images is recognised, the worst first.</summary>
public sealed record TrainClassTable : TableKind
{
    private const int Decimals = 6;

    /// <inheritdoc/>
    public override string Name => "train-classes";

    /// <inheritdoc/>
    public override string Description => "Accuracy of each class on the training images, the worst first";

    /// <summary>The table.</summary>
    /// <param name="metrics">What an evaluation found.</param>
    public static ReportTable Of(EvaluationMetrics metrics) => new(
        ["class", ">num in training dataset", ">True", ">ACC"],
        [
            .. metrics.PerClass.Select(row => (TableCell[])
                [row.Name, TableCell.Whole(row.Count), TableCell.Whole(row.Correct), TableCell.Fixed(row.Accuracy, Decimals)]),
        ],
        ClassTable.NoteOf(metrics));
}
