using Fovea.Data.Decoding;

namespace Fovea.Data.Sources;

/// <summary>Some images of a source, in an order of their own, perhaps under another list of classes.</summary>
public sealed class ImageSelection : IImageSource
{
    private readonly IImageSource _source;
    private readonly int[] _indices;
    private readonly int[] _labels;

    /// <summary>A selection with the classes of its source.</summary>
    /// <param name="source">The images.</param>
    /// <param name="indices">The places of those that are taken, each once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ImageSelection(IImageSource source, IEnumerable<int> indices) : this(source, indices, source.ClassNames)
    {
    }

    /// <summary>A selection under another list of classes, in which those of the source are found by their names.</summary>
    /// <param name="source">The images.</param>
    /// <param name="indices">The places of those that are taken, each once.</param>
    /// <param name="classNames">The classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    /// <exception cref="ArgumentException">An image is of a class that the list lacks.</exception>
    public ImageSelection(IImageSource source, IEnumerable<int> indices, IReadOnlyList<string> classNames)
    {
        (_source, _indices, ClassNames) = (source, [.. indices], classNames);
        if (Array.FindIndex(_indices, i => i < 0 || i >= source.Count) is var wrong and >= 0)
            throw new ArgumentOutOfRangeException(nameof(indices), $"{_indices[wrong]}; wanted 0 to {source.Count - 1}");
        var places = classNames.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        var labels = source.ClassNames.Select(name => places.GetValueOrDefault(name, -1)).ToArray();
        _labels = Array.ConvertAll(_indices, i => labels[source.Label(i)]);
        if (Array.IndexOf(_labels, -1) is var without and >= 0)
            throw new ArgumentException($"{source.Key(_indices[without])} is of class {source.ClassNames[source.Label(_indices[without])]}, which the list lacks");
    }

    /// <inheritdoc/>
    public int Count => _indices.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public string? Root => _source.Root;

    /// <inheritdoc/>
    public int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public string Key(int index) => _source.Key(_indices[index]);

    /// <inheritdoc/>
    public string Path(int index) => _source.Path(_indices[index]);

    /// <inheritdoc/>
    public void Read(int index, ByteBuffer buffer) => _source.Read(_indices[index], buffer);

    /// <inheritdoc/>
    public void Read(int index, ByteBuffer buffer, DecodeOptions limits) => _source.Read(_indices[index], buffer, limits);

    /// <inheritdoc/>
    public ImageHeader ReadHeader(int index) => _source.ReadHeader(_indices[index]);
}
