using Fovea.Data.Files;
using Fovea.Data.Sources;

namespace Fovea.Data.Sets;

/// <summary>What the names in a folder say about the kind of data that it holds.</summary>
internal static class FolderSigns
{
    /// <summary>
    /// Whether it holds class folders: a part with folders that hold images, or two folders that hold images and are not called like parts. One folder of
    /// images, or <c>train/</c> and <c>test/</c> of them, may be what a list refers to.
    /// </summary>
    public static bool HoldsClasses(string root)
    {
        var (classes, folders) = (0, FolderListing.Folders(root));
        foreach (var name in folders)
        {
            var folder = Path.Join(root, name);
            var isPart = PartNames.Of(name) is not null;
            if (isPart && Array.Exists(FolderListing.Folders(folder), inner => HoldsImages(Path.Join(folder, inner)))) return true;
            if (!isPart && (HoldsImages(folder) || Array.Exists(FolderListing.Folders(folder), inner => HoldsImages(Path.Join(folder, inner)))) && ++classes == 2)
                return true;
        }

        return false;
    }

    /// <summary>The files in a folder, links to files included, in ordinal order of their names.</summary>
    public static string[] Files(string folder) =>
    [
        .. from entry in FolderListing.Entries(folder)
           where entry.IsUtf8 && (entry.Kind is FileKind.File or FileKind.Unknown || (entry.Kind == FileKind.Link && File.Exists(Path.Join(folder, entry.Name))))
           select entry.Name,
    ];

    private static bool HoldsImages(string folder) => FolderListing.LooseImages(folder) > 0;
}
