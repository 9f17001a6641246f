using Fovea.Data.Sources;
using Fovea.Naming;

namespace Fovea.Tables;

/// <summary>How the images of a data set are distributed over its classes, as pandas' <c>describe()</c> prints it.</summary>
public sealed record StatisticsTable : TableKind
{
    private const int Decimals = 6;

    /// <inheritdoc/>
    public override string Name => "statistics";

    /// <inheritdoc/>
    public override string Description => "Images per class of a data set: count, mean, std, min, quartiles and max, as pandas describes them";

    /// <summary>The table.</summary>
    /// <param name="statistics">What a data set is made of.</param>
    public static ReportTable Of(DatasetStatistics statistics)
    {
        var channels = string.Join(", ", statistics.Channels.Select(count => $"{count.Value} of {count.Key}"));
        return Of(
            statistics.ImagesPerClass,
            $"{Amount.Of(statistics.Images, "image")}, {Amount.Of(statistics.DistinctSizes, "size")}; both sides below {DatasetStatistics.SmallSide} px: "
            + $"{TableCell.Fixed(100 * statistics.SmallShare, 1).Text} %; channels: {channels}.");
    }

    /// <summary>The table of a distribution alone.</summary>
    /// <param name="images">Images per class.</param>
    /// <param name="note">What stands below; default nothing.</param>
    public static ReportTable Of(Distribution images, string note = "")
    {
        (string Name, double Value)[] rows =
        [
            ("count", images.Count), ("mean", images.Mean), ("std", images.Std), ("min", images.Min), ("25%", images.Quartile1), ("50%", images.Median),
            ("75%", images.Quartile3), ("max", images.Max),
        ];
        return new(["", ">num"], [.. rows.Select(row => (TableCell[])[row.Name, TableCell.Fixed(row.Value, Decimals)])], note);
    }
}
