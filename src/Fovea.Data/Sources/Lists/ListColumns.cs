namespace Fovea.Data.Sources.Lists;

/// <summary>Which fields of a record are the path and the label.</summary>
/// <param name="Path">The place of the path.</param>
/// <param name="Label">The place of the label.</param>
/// <param name="HasHeader">Whether the first record names the columns.</param>
internal readonly record struct ListColumns(int Path, int Label, bool HasHeader)
{
    // In the order in which they are preferred: a name of a class rather than its number, a path rather than a number of the image.
    private static readonly string[] s_paths =
        ["path", "file_path", "filepath", "image_path", "img_path", "file_name", "filename", "file", "image", "img", "name", "image_name", "image_id", "id"];

    private static readonly string[] s_labels =
        ["class_name", "label_name", "class", "label", "category", "target", "class_id", "label_id", "category_id", "y", "species", "breed"];

    /// <summary>Finds the columns in the first records of a file.</summary>
    /// <returns>Null if they do not say: more than two columns without names, or no path that ends like an image's.</returns>
    public static ListColumns? Find(IReadOnlyList<IReadOnlyList<string>> records)
    {
        var first = records[0];
        if (first.Count < 2) return null;
        var body = records.Skip(1).Take(50).ToArray();
        var images = Enumerable.Range(0, first.Count).Where(c => body.All(record => c < record.Count && FolderListing.IsImage(record[c]))).ToArray();
        var hasHeader = body.Length > 0 ? images.Length > 0 && !first.Any(FolderListing.IsImage) : Named(first, s_paths) >= 0 && Named(first, s_labels) >= 0;
        if (hasHeader) return ByName(first, images);
        var path = images.FirstOrDefault(c => FolderListing.IsImage(first[c]), -1);
        return path >= 0 && first.Count == 2 ? new(path, 1 - path, false) : null;
    }

    /// <summary>The columns of records that have two, of which none ends like an image's path: the path comes first unless names say otherwise.</summary>
    public static ListColumns? Pairs(IReadOnlyList<IReadOnlyList<string>> records)
    {
        if (!records.All(record => record.Count == 2)) return null;
        return Named(records[0], s_paths) >= 0 && Named(records[0], s_labels) >= 0 ? ByName(records[0], []) : new(0, 1, false);
    }

    private static ListColumns? ByName(IReadOnlyList<string> header, int[] images)
    {
        var path = Named(header, s_paths, images);
        if (path < 0) path = images.Length > 0 ? images[0] : Named(header, s_paths);
        var label = Named(header, s_labels);
        if (label < 0 && header.Count == 2) label = 1 - path;
        return path < 0 || label < 0 || label == path ? null : new(path, label, true);
    }

    private static int Named(IReadOnlyList<string> header, string[] names, int[]? among = null)
    {
        foreach (var name in names)
            for (var c = 0; c < header.Count; c++)
                if ((among is null || Array.IndexOf(among, c) >= 0) && Plain(header[c]) == name) return c;
        return -1;
    }

    private static string Plain(string name) => name.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
}
