using Fovea.Data.Decoding;

namespace Fovea.Data.Sources;

/// <summary>Encoded images in memory.</summary>
/// <param name="classNames">The classes.</param>
/// <param name="images">Name, encoded bytes and class of each.</param>
public sealed class MemoryImages(IReadOnlyList<string> classNames, IReadOnlyList<(string Name, byte[] Data, int Label)> images) : IImageSource
{
    /// <inheritdoc/>
    public int Count => images.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => classNames;

    /// <inheritdoc/>
    public int Label(int index) => images[index].Label;

    /// <inheritdoc/>
    public string Key(int index) => images[index].Name;

    /// <inheritdoc/>
    public string Path(int index) => images[index].Name;

    /// <inheritdoc/>
    public void Read(int index, ByteBuffer buffer)
    {
        var data = images[index].Data;
        buffer.SetLength(data.Length);
        data.CopyTo(buffer.Span);
    }

    /// <inheritdoc/>
    public ImageHeader ReadHeader(int index) => ImageHeader.Read(images[index].Data, images[index].Name);
}
