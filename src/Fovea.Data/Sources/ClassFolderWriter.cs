using Fovea.Data.Decoding;
using Fovea.Data.Files;
using Fovea.Naming;
using Fovea.Paths;

namespace Fovea.Data.Sources;

/// <summary>Writes images to class folders: <c>PART/CLASS/…</c>, as links, or as files.</summary>
/// <param name="folder">The folder, which exists and is empty.</param>
internal sealed class ClassFolderWriter(string folder)
{
    private readonly Dictionary<string, (IImageSource Source, int Index)> _places = new(StringComparer.Ordinal);

    /// <summary>Writes to a folder that is new or empty; what fails or is stopped leaves nothing behind.</summary>
    /// <param name="folder">The folder; it may not lie in the data folder, nor hold it.</param>
    /// <param name="what">What messages call that which is written.</param>
    /// <param name="images">Images that are read meanwhile.</param>
    /// <param name="write">Writes.</param>
    /// <exception cref="DataException">The folder holds something, lies wrongly, or cannot be written to.</exception>
    public static void WriteNew(string folder, string what, IImageSource images, Action<ClassFolderWriter> write)
    {
        try
        {
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                throw new DataException(folder, "the folder is not empty", "an empty or a new one");
            if (images.Root is { } root && FolderRelation.Between(folder, root) is { } relation)
                throw new DataException(folder, $"{relation} {Printable.Of(root)}", "a folder beside it");
            using var output = Made(folder, what);
            write(new(folder));
            output.Keep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(folder, what, PathProblem.IsFull(e) ? PathProblem.OfFolder(folder, e) : e.Message.TrimEnd('.'), e);
        }
    }

    private static NewFolder Made(string folder, string what)
    {
        try
        {
            return new(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(folder, what, PathProblem.OfFolder(folder, e), e);
        }
    }

    private static DataException NotWritten(string folder, string what, string reason, Exception e) =>
        new(folder, $"{what} cannot be written ({reason}); nothing of it is left", "a folder with room that can be written to", e);

    /// <summary>Takes the images of a part; nothing is written yet.</summary>
    /// <param name="part">The name of the part; empty for class folders in the folder itself.</param>
    /// <param name="images">The images.</param>
    /// <exception cref="DataException">A class cannot be a folder's name, or two images would have the same place.</exception>
    public void Add(string part, IImageSource images)
    {
        for (var i = 0; i < images.Count; i++)
        {
            var className = images.ClassNames[images.Label(i)];
            if (className is "" or "." or ".." || className.AsSpan().ContainsAny('/', '\0'))
                throw new DataException(folder, $"the class {Printable.Of(className)} cannot be a folder", "names without slashes");
            var parent = Path.Join(folder, part, className);
            var target = Path.Join(parent, Within(images.Key(i), className)) + Ending(images, i);
            if (!RealPath.IsWithin(Path.GetFullPath(target), Path.GetFullPath(parent)))
                throw new DataException(images.Path(i), $"its path {Printable.Of(images.Key(i))} leads out of its class", "paths within the data folder");
            if (!_places.TryAdd(target, (images, i)))
                throw new DataException(
                    images.Path(i), $"it would have the same place as {Printable.Of(_places[target].Source.Path(_places[target].Index))}",
                    "images whose names differ");
        }
    }

    /// <summary>Writes what was taken.</summary>
    /// <param name="asLinks">Whether links to the files are made rather than files.</param>
    /// <param name="stop">Ends the writing.</param>
    /// <exception cref="DataException">What shall be copied is no file, or shall be linked and is none.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void Write(bool asLinks, CancellationToken stop)
    {
        foreach (var (target, (source, index)) in _places)
        {
            stop.ThrowIfCancellationRequested();
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var path = source.Path(index);
            if (source.Root is null) File.WriteAllBytes(target, Encoded(source, index));
            else if (asLinks) File.CreateSymbolicLink(target, Path.GetFullPath(path));
            else if (FileFacts.Of(path) is { Kind: FileKind.File } or null) File.Copy(path, target);
            else throw new DataException(path, "it is no file", "images alone");
        }
    }

    /// <summary>Refuses links to images that are no files.</summary>
    /// <exception cref="DataException">They lie in an archive.</exception>
    public static void CheckLinkable(IImageSource images, string what)
    {
        if (images.Root is null && images.Count > 0)
            throw new DataException(images.Path(0), $"the image lies in an archive, to which no {what} can lead", "copies, which are written as files");
    }

    // The path within the class folder; what parts the images came from is told apart by a prefix.
    private static string Within(string key, string className)
    {
        if (key.StartsWith($"{className}/", StringComparison.Ordinal)) return key[(className.Length + 1)..];
        var at = key.IndexOf($"/{className}/", StringComparison.Ordinal);
        return at < 0 ? key : $"{key[..at].Replace('/', '-')}-{key[(at + className.Length + 2)..]}";
    }

    private static string Ending(IImageSource images, int index) =>
        images.Root is null && !FolderListing.IsImage(images.Key(index))
            ? images.ReadHeader(index).Format switch
            {
                ImageFormat.Jpeg => ".jpg",
                ImageFormat.WebP => ".webp",
                ImageFormat.Bmp => ".bmp",
                _ => ".png",
            }
            : "";

    private static byte[] Encoded(IImageSource source, int index)
    {
        var bytes = new ByteBuffer();
        source.Read(index, bytes);
        var header = source.ReadHeader(index);
        if (header.Format != ImageFormat.Raw) return bytes.Span.ToArray();
        using var decoder = new ImageDecoder();
        var image = new RgbImage();
        decoder.Decode(bytes.Span, source.Path(index), image);
        if (header.Channels != 1) return PngEncoder.Encode(image);
        var grey = new byte[image.Width * image.Height];
        for (var i = 0; i < grey.Length; i++) grey[i] = image.Pixels[3 * i];
        return PngEncoder.EncodeGrey(grey, image.Width, image.Height);
    }
}
