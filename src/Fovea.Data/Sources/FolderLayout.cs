namespace Fovea.Data.Sources;

/// <summary>Where in a data folder the class folders are.</summary>
/// <param name="Train">
/// The folder of the training part within the root; empty if the class folders lie in the root itself, <see langword="null"/> if there is only a
/// validation part.
/// </param>
/// <param name="Validation">The folder of the validation part, or <see langword="null"/>.</param>
/// <param name="Warnings">What was passed over.</param>
internal sealed record FolderLayout(string? Train, string? Validation, IReadOnlyList<string> Warnings)
{
    private const string TrainName = "train";

    // In the order of preference where there are several.
    private static readonly string[] s_validationNames = ["val", "validation", "valid", "test"];

    private const string Wanted = "a folder with train/ and val/ (or test/), or one with class folders";

    /// <exception cref="DataException">The folder is missing, empty, or has no class folders.</exception>
    public static FolderLayout Find(string root)
    {
        if (!Directory.Exists(root)) throw new DataException(root, File.Exists(root) ? "this is a file" : "the folder does not exist", Wanted);
        var folders = FolderListing.Folders(root);
        if (folders.Length == 0)
        {
            var images = FolderListing.LooseImages(root);
            throw new DataException(root, images == 0 ? "the folder is empty" : $"the folder holds {images} images but no class folders", Wanted);
        }

        // A class may be called «train» or «test»: its folder holds images, that of a part holds folders.
        var validation = s_validationNames.FirstOrDefault(name => IsPart(root, name));
        if (!IsPart(root, TrainName)) return validation is null ? new("", null, []) : new(null, validation, []);
        var others = folders.Where(name => name != TrainName && !s_validationNames.Contains(name)).ToArray();
        return new(TrainName, validation, [.. Unused(root, folders, validation), .. Ignored(root, others)]);
    }

    /// <summary>All parts with their class folders.</summary>
    public static IReadOnlyList<string> AllParts(string root)
    {
        if (Find(root).Train is "") return [""];
        string[] names = [TrainName, .. s_validationNames];
        return [.. names.Where(name => IsPart(root, name))];
    }

    private static bool IsPart(string root, string name)
    {
        var path = Path.Join(root, name);
        return Directory.Exists(path) && FolderListing.Folders(path).Length > 0;
    }

    private static IEnumerable<string> Unused(string root, string[] folders, string? chosen) =>
        from name in s_validationNames
        where name != chosen && folders.Contains(name)
        select chosen is null ? $"{root}: {name}/ has no class folders and is ignored" : $"{root}: {chosen}/ is used for validation, {name}/ is not";

    private static IEnumerable<string> Ignored(string root, string[] others)
    {
        if (others.Length == 0) yield break;
        var named = string.Join(", ", others.Take(3)) + (others.Length > 3 ? ", …" : "");
        yield return $"{root}: {others.Length} folders beside train/ are ignored ({named})";
    }
}
