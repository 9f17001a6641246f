using Fovea.Data.Decoding;

namespace Fovea.Data.Sources.Shards;

/// <summary>The images of tar shards: in memory, or at their places in files.</summary>
/// <param name="classNames">The classes.</param>
/// <param name="shards">Each shard: the file or address, its name in keys, its samples and their classes.</param>
internal sealed class ShardImages(
    IReadOnlyList<string> classNames, IReadOnlyList<(string Place, string Name, IReadOnlyList<ShardSample> Samples, int[] Labels)> shards) : IImageSource
{
    private static readonly DecodeOptions s_anyImage = new();

    private readonly (int Shard, int Sample)[] _images =
        [.. shards.Index().SelectMany(shard => Enumerable.Range(0, shard.Item.Samples.Count).Select(sample => (shard.Index, sample)))];

    public int Count => _images.Length;

    public IReadOnlyList<string> ClassNames => classNames;

    public int Label(int index) => shards[_images[index].Shard].Labels[_images[index].Sample];

    public string Key(int index) => $"{shards[_images[index].Shard].Name}/{Sample(index).Key}";

    public string Path(int index) => $"{shards[_images[index].Shard].Place}: {Sample(index).Key}";

    public void Read(int index, ByteBuffer buffer) => Read(index, buffer, s_anyImage);

    public void Read(int index, ByteBuffer buffer, DecodeOptions limits)
    {
        var sample = Sample(index);
        if (sample.Length > limits.MaxFileBytes)
            throw new ImageException(Path(index), $"the image has {sample.Length} bytes", $"at most {limits.MaxFileBytes} (max_file_bytes)");
        buffer.SetLength(sample.Length);
        if (sample.Bytes is not null) sample.Bytes.CopyTo(buffer.Span);
        else Fill(index, sample, buffer);
    }

    public ImageHeader ReadHeader(int index)
    {
        var bytes = new ByteBuffer();
        Read(index, bytes);
        return ImageHeader.Read(bytes.Span, Path(index));
    }

    private ShardSample Sample(int index) => shards[_images[index].Shard].Samples[_images[index].Sample];

    private void Fill(int index, ShardSample sample, ByteBuffer buffer)
    {
        var read = ImageFile.Guarded(shards[_images[index].Shard].Place, file =>
        {
            var filled = 0;
            while (filled < sample.Length && RandomAccess.Read(file, buffer.Span[filled..], sample.Offset + filled) is var count and > 0) filled += count;
            return filled;
        });
        if (read < sample.Length) throw new ImageException(Path(index), $"the shard ends after {read} of {sample.Length} bytes", "the shard as it was listed");
    }
}
