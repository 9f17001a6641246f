using Fovea.Data.Decoding;

namespace Fovea.Data.Sources;

/// <summary>Image files under one folder.</summary>
public sealed class ImageFiles : IImageSource
{
    private readonly string[] _keys;
    private readonly int[] _labels;

    /// <summary>A source over files, in the order given.</summary>
    /// <param name="root">The folder that the keys are relative to.</param>
    /// <param name="classNames">The classes.</param>
    /// <param name="files">Path within the folder, with slashes, and class of each image.</param>
    /// <exception cref="ArgumentException">A label is no place in the list of classes.</exception>
    public ImageFiles(string root, IReadOnlyList<string> classNames, IEnumerable<(string Key, int Label)> files)
    {
        (Root, ClassNames) = (root, classNames);
        var list = files.ToArray();
        _keys = Array.ConvertAll(list, file => file.Key);
        _labels = Array.ConvertAll(list, file => file.Label);
        for (var i = 0; i < _labels.Length; i++)
            if (_labels[i] < 0 || _labels[i] >= classNames.Count)
                throw new ArgumentException($"{_keys[i]} has the label {_labels[i]}; wanted 0 to {classNames.Count - 1}");
    }

    /// <summary>The paths of all files under a folder that are images by their names, in ordinal order.</summary>
    public static IReadOnlyList<string> In(string folder)
    {
        var paths = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(FolderListing.IsImage).ToArray();
        Array.Sort(paths, StringComparer.Ordinal);
        return paths;
    }

    /// <summary>The folder that the keys are relative to.</summary>
    public string Root { get; }

    /// <inheritdoc/>
    public int Count => _keys.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public string Key(int index) => _keys[index];

    /// <inheritdoc/>
    public string Path(int index) => System.IO.Path.Join(Root, _keys[index]);

    /// <inheritdoc/>
    public void Read(int index, ByteBuffer buffer)
    {
        var path = Path(index);
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            buffer.SetLength(RandomAccess.GetLength(file));
            var filled = 0;
            while (filled < buffer.Length && RandomAccess.Read(file, buffer.Span[filled..], filled) is var n and > 0) filled += n;
            buffer.SetLength(filled);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw new ImageException(path, $"the file cannot be read ({e.Message})", "a readable image file", e);
        }
    }

    /// <inheritdoc/>
    public ImageHeader ReadHeader(int index) => ImageHeader.ReadFile(Path(index));

    /// <summary>The files of some of the images, in the order given.</summary>
    public ImageFiles Subset(IEnumerable<int> indices) => new(Root, ClassNames, indices.Select(i => (_keys[i], _labels[i])));
}
