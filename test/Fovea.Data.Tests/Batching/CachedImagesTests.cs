using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Batching;

/// <summary>What images cost that are kept in memory.</summary>
public sealed class CachedImagesTests
{
    private static readonly LoaderOptions s_options = new() { BatchSize = 8, IsTraining = true, Seed = 5, Workers = 2 };

    [Theory]
    [InlineData(CacheMode.Encoded)]
    [InlineData(CacheMode.Decoded)]
    public void Images_from_memory_are_named_only_when_something_is_wrong_with_them(CacheMode cache)
    {
        var source = new NamedImages(BatchLoaderTests.Images(20));
        using (var loader = new BatchLoader(source, ImagePipeline.Train(16), s_options with { Cache = cache }))
        {
            _ = loader.Epoch(0).Count();
            var names = source.Names;
            _ = loader.Epoch(1).Count();
            Assert.Equal(names, source.Names);
        }

        using var narrow = new BatchLoader(source, ImagePipeline.Train(16) with { Transforms = [new Odd()] }, s_options with { Cache = cache });
        _ = narrow.Epoch(0).Count();
        Assert.Matches(@"^0\d\d\.jpg: is odd; wanted even$", Assert.Throws<ImageException>(() => narrow.Epoch(1).Count()).Message);
    }

    /// <summary>A step to which every image is bad in odd epochs.</summary>
    private sealed record Odd : Transform
    {
        public override string Kind => "odd";

        public override void Apply(Canvas canvas, ref Draws draws)
        {
            if (draws.Epoch % 2 == 1) throw new ImageException(canvas.Path, "is odd", "even");
        }
    }

    /// <summary>Counts how often images are named.</summary>
    private sealed class NamedImages(IImageSource inner) : IImageSource
    {
        private int _names;

        public int Names => Volatile.Read(ref _names);

        public int Count => inner.Count;

        public IReadOnlyList<string> ClassNames => inner.ClassNames;

        public int Label(int index) => inner.Label(index);

        public string Key(int index)
        {
            Interlocked.Increment(ref _names);
            return inner.Key(index);
        }

        public string Path(int index)
        {
            Interlocked.Increment(ref _names);
            return inner.Path(index);
        }

        public void Read(int index, ByteBuffer buffer) => inner.Read(index, buffer);

        public ImageHeader ReadHeader(int index) => inner.ReadHeader(index);
    }
}
