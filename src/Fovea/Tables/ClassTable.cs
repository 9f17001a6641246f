using Fovea.Training.Metrics;

namespace Fovea.Tables;

/// <summary>How well each class of the validation images is recognised, the worst first.</summary>
public sealed record ClassTable : TableKind
{
    private const int Decimals = 6;
    private const int PercentDecimals = 4;

    /// <inheritdoc/>
    public override string Name => "classes";

    /// <inheritdoc/>
    public override string Description => "Accuracy of each class on the validation images, the worst first";

    /// <summary>The table.</summary>
    /// <param name="metrics">What an evaluation found.</param>
    public static ReportTable Of(EvaluationMetrics metrics) => new(
        ["Class", ">Accuracy", ">validation num"],
        [.. metrics.PerClass.Select(row => (TableCell[])[row.Name, TableCell.Fixed(row.Accuracy, Decimals), TableCell.Whole(row.Count)])],
        NoteOf(metrics));

    /// <summary>What follows from the rows: images over all images, and the mean of the accuracies.</summary>
    internal static string NoteOf(EvaluationMetrics metrics) =>
        $"micro accuracy (images over all images) {TableCell.Fixed(100 * metrics.Micro, PercentDecimals).Text} %, "
        + $"macro accuracy (mean over the classes) {TableCell.Fixed(100 * metrics.Macro, PercentDecimals).Text} %, {metrics.Samples} images.";
}
