namespace Fovea.Data.Sources;

/// <summary>How many images each class of a source has.</summary>
public static class ClassCounts
{
    /// <summary>The images of each class, by its number.</summary>
    /// <param name="images">The images; none is read.</param>
    public static int[] CountClasses(this IImageSource images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var counts = new int[images.ClassNames.Count];
        for (var i = 0; i < images.Count; i++) counts[images.Label(i)]++;
        return counts;
    }
}
