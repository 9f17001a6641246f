using Fovea.Data.Decoding;
using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Sampling;

/// <summary>Classes of images that nobody reads.</summary>
internal sealed class Labelled(int[] labels, int classes = 5) : IImageSource
{
    public int Count => labels.Length;

    public IReadOnlyList<string> ClassNames { get; } = [.. Enumerable.Range(0, classes).Select(label => $"class {label}")];

    public int Label(int index) => labels[index];

    public string Key(int index) => $"{index}";

    public string Path(int index) => $"{index}";

    public void Read(int index, ByteBuffer buffer) => throw new ImageException(Path(index), "there is none", "none to be read");

    public ImageHeader ReadHeader(int index) => throw new ImageException(Path(index), "there is none", "none to be read");
}
