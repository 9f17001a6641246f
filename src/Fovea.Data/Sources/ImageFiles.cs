using Fovea.Data.Decoding;
using Fovea.Data.Files;

namespace Fovea.Data.Sources;

/// <summary>Image files under one folder.</summary>
public sealed class ImageFiles : IImageSource
{
    private static readonly DecodeOptions s_anyImage = new();

    private readonly string[] _keys;
    private readonly int[] _labels;

    /// <summary>Whether the name ends as one of an image does, in any case.</summary>
    /// <param name="path">The name.</param>
    public static bool AreNamedAs(string path) => FolderListing.IsImage(path);

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

    /// <summary>The paths of all images anywhere under a folder, by their names, in ordinal order; each real one once, hidden ones not.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="stop">Ends a listing that takes long, or hangs in the system.</param>
    /// <returns>The paths, and warnings on what was passed over, one line each.</returns>
    /// <exception cref="DataException">A folder cannot be listed, or a name is not UTF-8.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set, and the listing did not end soon.</exception>
    public static (IReadOnlyList<string> Paths, IReadOnlyList<string> Warnings) In(string folder, CancellationToken stop = default) => Interruptible.Run(left =>
    {
        var listing = new FolderListing(folder, [], left);
        return ((IReadOnlyList<string>)listing.Images(), (IReadOnlyList<string>)[.. listing.Warnings()]);
    }, stop);

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
    public void Read(int index, ByteBuffer buffer) => Read(index, buffer, s_anyImage);

    /// <inheritdoc/>
    public void Read(int index, ByteBuffer buffer, DecodeOptions limits)
    {
        var length = ImageFile.Read(Path(index), limits, length =>
        {
            buffer.SetLength(length);
            return buffer.Span;
        });
        buffer.SetLength(length);
    }

    /// <inheritdoc/>
    public ImageHeader ReadHeader(int index) => ImageHeader.ReadFile(Path(index));
}
