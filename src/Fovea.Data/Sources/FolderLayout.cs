using Fovea.Data.Files;
using Fovea.Naming;

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
    private const string Wanted = "a folder with train/ and val/ (or test/), or one with class folders";

    /// <summary>Finds the parts. Of several kinds of validation part, the one for validation is preferred to that for testing.</summary>
    /// <exception cref="DataException">The folder is missing, empty, has no class folders, or two parts of the same kind.</exception>
    public static FolderLayout Find(string root)
    {
        var folders = Folders(root);
        var parts = folders.Where(name => IsPart(root, name)).ToLookup(name => PartNames.Of(name)!.Value);
        var train = Only(root, "training", parts[PartKind.Train]);
        var validation = Only(root, "validation", parts[PartKind.Validation]) ?? Only(root, "test", parts[PartKind.Test]);
        if (train is null) return validation is null ? new("", null, []) : new(null, validation, []);
        var others = folders.Where(name => name != train && PartNames.Of(name) is null or PartKind.Train).ToArray();
        return new(train, validation, [.. Unused(root, folders, validation), .. Ignored(root, train, others), .. Same(root, train, validation)]);
    }

    /// <summary>All parts with their class folders; of class folders in the root itself, the empty name.</summary>
    /// <exception cref="DataException">The folder is missing, empty, or has no class folders.</exception>
    public static IReadOnlyList<string> AllParts(string root)
    {
        string[] parts = [.. Folders(root).Where(name => IsPart(root, name)).OrderBy(PartNames.Of)];
        return parts.Length > 0 ? parts : [""];
    }

    private static string[] Folders(string root)
    {
        if (!Directory.Exists(root)) throw new DataException(root, File.Exists(root) ? "this is a file" : "the folder does not exist", Wanted);
        var folders = FolderListing.Folders(root);
        if (folders.Length > 0) return folders;
        var images = FolderListing.LooseImages(root);
        throw new DataException(root, images == 0 ? "the folder is empty" : $"the folder holds {Amount.Of(images, "image")} but no class folders", Wanted);
    }

    // A class may be called «train» or «test»: its folder holds images, that of a part holds folders.
    private static bool IsPart(string root, string name) => PartNames.Of(name) is not null && FolderListing.Folders(Path.Join(root, name)).Length > 0;

    private static string? Only(string root, string kind, IEnumerable<string> parts) => parts.ToArray() switch
    {
        [] => null,
        [var part] => part,
        var several => throw new DataException(
            root, $"{string.Join(" and ", several.Select(Shown))} may each be the {kind} part", $"one of them; rename the others, or move them away"),
    };

    private static IEnumerable<string> Unused(string root, string[] folders, string? chosen) =>
        from name in folders
        where name != chosen && PartNames.Of(name) is PartKind.Validation or PartKind.Test
        orderby PartNames.Of(name)
        select chosen is null || !IsPart(root, name)
            ? $"{Printable.Of(root)}: {Shown(name)} has no class folders and is ignored"
            : $"{Printable.Of(root)}: {Shown(chosen)} is used for validation, {Shown(name)} is not";

    private static IEnumerable<string> Ignored(string root, string train, string[] others)
    {
        if (others.Length == 0) yield break;
        var named = string.Join(", ", others.Take(3).Select(Printable.Of)) + (others.Length > 3 ? ", …" : "");
        yield return $"{Printable.Of(root)}: {Amount.Of(others.Length, "folder")} beside {Shown(train)} "
            + $"{(others.Length == 1 ? "is" : "are")} ignored ({named})";
    }

    private static IEnumerable<string> Same(string root, string train, string? validation)
    {
        if (validation is not null && RealPath.Of(Path.Join(root, train)) == RealPath.Of(Path.Join(root, validation)))
            yield return $"{Printable.Of(root)}: {Shown(train)} and {Shown(validation)} are the same folder; "
                + "images that are trained on say nothing about others";
    }

    private static string Shown(string name) => $"{Printable.Of(name)}/";
}
