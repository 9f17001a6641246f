using Fovea.Data.Sources;

namespace Fovea.Recipes.Ablations;

/// <summary>The data that the runs of a grid are trained on, for its tables.</summary>
/// <param name="Place">Where it is, as it was called.</param>
/// <param name="Train">The images to train on.</param>
/// <param name="Validation">The images to validate on.</param>
/// <param name="Classes">The classes.</param>
/// <param name="IsUneven">Whether the largest class of a part has more than twice as many images as the smallest that has any.</param>
public sealed record AblationData(string Place, int Train, int Validation, int Classes, bool IsUneven)
{
    private const int MostRatio = 2;

    /// <summary>What there is to know of data.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="parts">Its parts.</param>
    public static AblationData Of(string place, DataParts parts) =>
        new(place, parts.Train.Count, parts.Validation.Count, parts.ClassNames.Count, IsUnevenIn(parts.Train) || IsUnevenIn(parts.Validation));

    private static bool IsUnevenIn(IImageSource images)
    {
        int[] some = [.. images.CountClasses().Where(count => count > 0)];
        return some.Length > 0 && some.Max() > (long)MostRatio * some.Min();
    }
}
