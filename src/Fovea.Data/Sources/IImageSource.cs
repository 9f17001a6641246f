using Fovea.Data.Decoding;

namespace Fovea.Data.Sources;

/// <summary>Encoded images with their classes; safe to use from many threads.</summary>
public interface IImageSource
{
    /// <summary>The number of images.</summary>
    int Count { get; }

    /// <summary>The classes; a label is a place in this list.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>
    /// The folder in which each image is a file of its own, at its <see cref="Path"/>; <see langword="null"/> where images lie in archives or in memory.
    /// </summary>
    string? Root => null;

    /// <summary>The class of an image.</summary>
    int Label(int index);

    /// <summary>A name that no other image of the source has and that stays when the data set is moved: the path within it, with slashes.</summary>
    string Key(int index);

    /// <summary>How messages call the image: the full path of a file.</summary>
    string Path(int index);

    /// <summary>Reads an image's bytes.</summary>
    /// <exception cref="ImageException">They cannot be read.</exception>
    void Read(int index, ByteBuffer buffer);

    /// <summary>Reads an image's bytes, unless there are more than is accepted.</summary>
    /// <exception cref="ImageException">They cannot be read, or are too many.</exception>
    void Read(int index, ByteBuffer buffer, DecodeOptions limits) => Read(index, buffer);

    /// <summary>Reads what an image says of itself.</summary>
    /// <exception cref="ImageException">It cannot be read, or is no image.</exception>
    ImageHeader ReadHeader(int index);
}
