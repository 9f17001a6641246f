using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Batching;

public sealed class BatchLoaderTests
{
    private static readonly LoaderOptions s_training = new() { BatchSize = 8, IsTraining = true, Seed = 5, Workers = 2 };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(5, 1)]
    [InlineData(5, 6)]
    public void Batches_do_not_depend_on_the_workers(int workers, int prefetch)
    {
        var source = Images(53);
        using var one = new BatchLoader(source, ImagePipeline.Train(16), s_training with { Workers = 1 });
        using var many = new BatchLoader(source, ImagePipeline.Train(16), s_training with { Workers = workers, Prefetch = prefetch });

        for (var epoch = 0; epoch < 3; epoch++) Assert.Equal(Copies(one.Epoch(epoch)), Copies(many.Epoch(epoch)));
    }

    [Theory]
    [InlineData(CacheMode.None)]
    [InlineData(CacheMode.Encoded)]
    [InlineData(CacheMode.Decoded)]
    public void Batches_do_not_depend_on_the_cache(CacheMode cache)
    {
        var source = Images(20);
        using var plain = new BatchLoader(source, ImagePipeline.Train(16), s_training with { Cache = CacheMode.None });
        using var cached = new BatchLoader(source, ImagePipeline.Train(16), s_training with { Cache = cache });

        for (var epoch = 0; epoch < 3; epoch++) Assert.Equal(Copies(plain.Epoch(epoch)), Copies(cached.Epoch(epoch)));
        Assert.Equal(cache, cached.Cache);
        Assert.Equal(cache != CacheMode.None, cached.CachedBytes > 0);
    }

    [Fact]
    public void Cache_that_does_not_fit_keeps_what_does()
    {
        using var loader = new BatchLoader(Images(20), ImagePipeline.Train(16), s_training with { Cache = CacheMode.Decoded, CacheBytes = 20_000 });
        using var plain = new BatchLoader(Images(20), ImagePipeline.Train(16), s_training with { Cache = CacheMode.None });

        for (var epoch = 0; epoch < 2; epoch++) Assert.Equal(Copies(plain.Epoch(epoch)), Copies(loader.Epoch(epoch)));
        Assert.InRange(loader.CachedBytes, 1, 20_000);
    }

    [Fact]
    public void Small_data_are_cached_decoded_of_themselves_and_large_ones_not()
    {
        using var small = new BatchLoader(Images(20), ImagePipeline.Train(16), s_training);
        using var large = new BatchLoader(Images(20), ImagePipeline.Train(16), s_training with { CacheBytes = 1000 });

        Assert.Equal((CacheMode.Decoded, CacheMode.None), (small.Cache, large.Cache));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Epoch_begun_in_the_middle_gives_the_rest(int startBatch)
    {
        using var loader = new BatchLoader(Images(53), ImagePipeline.Train(16), s_training);

        Assert.Equal(Copies(loader.Epoch(3)).Skip(startBatch), Copies(loader.Epoch(3, startBatch)));
    }

    [Fact]
    public void Epoch_serves_every_image_once_in_an_order_of_its_own()
    {
        using var loader = new BatchLoader(Images(53), ImagePipeline.Train(16), s_training);

        var (first, second) = (Samples(loader.Epoch(0)), Samples(loader.Epoch(1)));

        Assert.Equal(Enumerable.Range(0, 53), first.Order());
        Assert.Equal(Enumerable.Range(0, 53), second.Order());
        Assert.NotEqual(first, second);
        Assert.NotEqual(Enumerable.Range(0, 53), first);
    }

    [Fact]
    public void Last_batch_is_short_or_left_out()
    {
        using var kept = new BatchLoader(Images(20), ImagePipeline.Train(16), s_training);
        using var dropped = new BatchLoader(Images(20), ImagePipeline.Train(16), s_training with { DropLast = true });

        Assert.Equal([8, 8, 4], kept.Epoch(0).Select(batch => batch.Count));
        Assert.Equal([8, 8], dropped.Epoch(0).Select(batch => batch.Count));
        Assert.Equal((3, 20), (kept.Batches, kept.Samples));
        Assert.Equal((2, 16), (dropped.Batches, dropped.Samples));
    }

    [Fact]
    public void Evaluation_is_in_the_order_of_the_source_with_its_labels()
    {
        using var loader = new BatchLoader(Images(11), ImagePipeline.Evaluate(16), new() { BatchSize = 4, Workers = 2 });

        Assert.Equal(Enumerable.Range(0, 11), Samples(loader.Epoch(0)));
        Assert.Equal(Enumerable.Range(0, 11).Select(i => i % 3), loader.Epoch(0).SelectMany(batch => batch.Labels.ToArray()));
    }

    [Fact]
    public void Row_of_a_batch_is_the_image_preprocessed_alone()
    {
        var source = Images(6);
        using var loader = new BatchLoader(source, ImagePipeline.Train(16), s_training);
        using var preprocessor = new Preprocessor(ImagePipeline.Train(16));
        var (expected, bytes) = (new float[preprocessor.Length], new ByteBuffer());
        var batch = loader.Epoch(2).First();
        var sample = batch.Samples.Span[3];
        source.Read(sample, bytes);

        preprocessor.Process(bytes.Span, "a", expected, seed: 5, epoch: 2, sample);

        Assert.Equal(expected, batch.Images.Slice(3 * preprocessor.Length, preprocessor.Length).ToArray());
    }

    [Fact]
    public void Evaluation_refuses_what_is_random_or_smaller()
    {
        var e = Assert.Throws<ArgumentException>(() => new BatchLoader(Images(3), ImagePipeline.Train(16), new()));

        Assert.Contains("evaluation must see each image as it is", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new BatchLoader(Images(3), ImagePipeline.Evaluate(16) with { ScaledDecoding = true }, new()));
    }

    [Fact]
    public void Fewer_images_than_a_batch_are_refused_if_short_batches_are_dropped()
    {
        var e = Assert.Throws<DataException>(() => new BatchLoader(Images(5), ImagePipeline.Train(16), s_training with { DropLast = true }));

        Assert.Equal("data: 5 images make no batch of 8; wanted a batch_size of at most 5, or drop_last: false", e.Message);
    }

    [Fact]
    public void No_images_are_refused() => Assert.Throws<DataException>(() => new BatchLoader(Images(0), ImagePipeline.Train(16), s_training));

    [Fact]
    public void Second_epoch_at_the_same_time_is_refused()
    {
        using var loader = new BatchLoader(Images(20), ImagePipeline.Train(16), s_training);
        using var first = loader.Epoch(0).GetEnumerator();
        Assert.True(first.MoveNext());

        Assert.Throws<InvalidOperationException>(() => loader.Epoch(1).First());
    }

    [Fact]
    public void Epoch_can_be_left_early_and_begun_again()
    {
        using var loader = new BatchLoader(Images(53), ImagePipeline.Train(16), s_training);
        var expected = Copies(loader.Epoch(0));

        for (var i = 0; i < 10; i++) _ = loader.Epoch(i).First();

        Assert.Equal(expected, Copies(loader.Epoch(0)));
    }

    [Fact]
    public void Cancelled_epoch_throws_and_ends_its_threads()
    {
        using var stop = new CancellationTokenSource();
        var slow = new SlowImages(Images(20), stop.Token);
        var loader = new BatchLoader(slow, ImagePipeline.Train(16), s_training with { Cache = CacheMode.None });
        stop.CancelAfter(50);

        Assert.ThrowsAny<OperationCanceledException>(() => loader.Epoch(0, 0, stop.Token).Count());
        loader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loader.Epoch(0));
    }

    [Fact]
    public void Failure_of_a_source_reaches_the_consumer()
    {
        using var loader = new BatchLoader(new BrokenImages(Images(20)), ImagePipeline.Train(16), s_training with { Cache = CacheMode.None });

        Assert.Equal("broken", Assert.Throws<NotSupportedException>(() => loader.Epoch(0).Count()).Message);
    }

    [Fact]
    public void Batches_are_aligned_and_their_memory_is_reused()
    {
        using var loader = new BatchLoader(Images(80), ImagePipeline.Train(16), s_training with { Prefetch = 2 });

        var addresses = loader.Epoch(0).Select(batch => batch.Address).ToArray();

        Assert.All(addresses, address => Assert.Equal(0, address % 64));
        Assert.Equal(3, addresses.Distinct().Count());
    }

    internal static MemoryImages Images(int count, Func<int, byte[]?>? replace = null)
    {
        using var encoder = new JpegEncoder();
        var images = Enumerable.Range(0, count).Select(
            i => ($"{i:000}.jpg", replace?.Invoke(i) ?? encoder.Encode(Fixtures.Picture(30 + (i % 7), 24 + (i % 5), (ulong)i), quality: 80), i % 3));
        return new(["a", "b", "c"], [.. images]);
    }

    internal static (int Number, string Samples, string Labels, string Digest)[] Copies(IEnumerable<ImageBatch> batches) =>
    [
        .. batches.Select(batch => (
            batch.Number,
            string.Join(' ', batch.Samples.ToArray()),
            string.Join(' ', batch.Labels.ToArray()),
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(batch.Images.Span))))),
    ];

    internal static int[] Samples(IEnumerable<ImageBatch> batches) => [.. batches.SelectMany(batch => batch.Samples.ToArray())];

    private sealed class SlowImages(IImageSource inner, CancellationToken stop) : IImageSource
    {
        public int Count => inner.Count;

        public IReadOnlyList<string> ClassNames => inner.ClassNames;

        public int Label(int index) => inner.Label(index);

        public string Key(int index) => inner.Key(index);

        public string Path(int index) => inner.Path(index);

        public void Read(int index, ByteBuffer buffer)
        {
            stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(20));
            inner.Read(index, buffer);
        }

        public ImageHeader ReadHeader(int index) => inner.ReadHeader(index);
    }

    private sealed class BrokenImages(IImageSource inner) : IImageSource
    {
        public int Count => inner.Count;

        public IReadOnlyList<string> ClassNames => inner.ClassNames;

        public int Label(int index) => inner.Label(index);

        public string Key(int index) => inner.Key(index);

        public string Path(int index) => inner.Path(index);

        public void Read(int index, ByteBuffer buffer) => throw new NotSupportedException("broken");

        public ImageHeader ReadHeader(int index) => inner.ReadHeader(index);
    }
}
