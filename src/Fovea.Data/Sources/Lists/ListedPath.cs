using Fovea.Naming;

namespace Fovea.Data.Sources.Lists;

/// <summary>The file that a line of a list means.</summary>
internal static class ListedPath
{
    private const int Probed = 64;

    /// <summary>The whole path. One that was written with backslashes, as Windows does, is read so where only that is there.</summary>
    /// <param name="path">The path in the list.</param>
    /// <param name="root">Where relative paths start.</param>
    public static string Of(string path, string root)
    {
        var full = Path.GetFullPath(path, root);
        if (!path.Contains('\\', StringComparison.Ordinal) || File.Exists(full)) return full;
        var other = Path.GetFullPath(path.Replace('\\', '/'), root);
        return File.Exists(other) ? other : full;
    }

    /// <summary>Refuses a list of which no image is there: a wrong root makes each a bad one, which would be told one by one.</summary>
    /// <param name="list">The list.</param>
    /// <param name="images">Its images.</param>
    /// <param name="wanted">Where its paths should begin.</param>
    /// <exception cref="DataException">None of some images, evenly chosen, is there.</exception>
    public static void Check(string list, ImageFiles images, string wanted)
    {
        var probed = Math.Min(Probed, images.Count);
        if (Enumerable.Range(0, probed).Any(i => File.Exists(images.Path((int)((long)i * images.Count / probed))))) return;
        var first = Printable.Of(images.Path(0));
        throw new DataException(
            list, probed == images.Count ? $"none of its images is there, such as {first}" : $"of {Amount.Of(probed, "image")} none is there, such as {first}",
            wanted);
    }
}
