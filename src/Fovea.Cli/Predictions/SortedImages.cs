using System.Globalization;
using Fovea.Cli.Usage;
using Fovea.Naming;

namespace Fovea.Cli.Predictions;

/// <summary>Copies of images in folders that are called as their likeliest classes. A file that is there is not replaced.</summary>
/// <param name="folder">The folder of the folders.</param>
/// <param name="warn">Told of images that are no files of their own.</param>
internal sealed class SortedImages(string folder, Action<string> warn)
{
    /// <summary>Copies an image; one that could not be read stays where it is.</summary>
    /// <exception cref="IOException">It cannot be copied.</exception>
    internal void Add(ImagePrediction image)
    {
        if (image.Failure is not null) return;
        if (!File.Exists(image.Path))
        {
            warn($"{Printable.Of(image.Path)}: is no file of its own, and was not copied");
            return;
        }

        var target = Directory.CreateDirectory(Path.Combine(folder, FolderOf(image.Prediction!.Class))).FullName;
        File.Copy(image.Path, Free(target, image.Path), overwrite: false);
    }

    /// <summary>Refuses a place where nothing can be copied to, or where the images themselves are.</summary>
    /// <exception cref="UsageException">It is one.</exception>
    internal static void Check(string flag, string folder, IEnumerable<string> images)
    {
        if (File.Exists(folder)) throw new UsageException($"{flag} {Printable.Of(folder)}: is a file; wanted a folder");
        var whole = Path.GetFullPath(folder);
        if (images.FirstOrDefault(image => Directory.Exists(image) && (whole + "/").StartsWith(Path.GetFullPath(image).TrimEnd('/') + "/", StringComparison.Ordinal)) is { } within)
            throw new UsageException($"{flag} {Printable.Of(folder)}: lies in {Printable.Of(within)}, whose images are read; wanted a folder beside it");
    }

    private static string FolderOf(string name)
    {
        var safe = name.Replace('/', '_').Replace('\0', '_');
        return safe is "" or "." or ".." ? "_" : safe;
    }

    private static string Free(string folder, string image)
    {
        var (stem, extension) = (Path.GetFileNameWithoutExtension(image), Path.GetExtension(image));
        var path = Path.Combine(folder, stem + extension);
        for (var i = 2; Path.Exists(path); i++) path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{stem} ({i}){extension}"));
        return path;
    }
}
