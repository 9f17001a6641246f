using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Batching;

/// <summary>A read that never ends, as one from a network that is gone, holds nobody back who asks to stop.</summary>
public sealed class HungReadTests : IDisposable
{
    private readonly ManualResetEventSlim _released = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _released.Set();
        _stop.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Epoch_ends_when_asked_although_a_worker_hangs(bool consumed)
    {
        var images = new HangingImages(BatchLoaderTests.Images(32), index => index == 20, _released);
        var loader = new BatchLoader(images, ImagePipeline.Evaluate(16), new() { BatchSize = 4, Workers = 2, Cache = CacheMode.None });
        using var batches = loader.Epoch(0, stop: _stop.Token).GetEnumerator();
        if (consumed) Assert.True(batches.MoveNext());
        _stop.CancelAfter(TimeSpan.FromMilliseconds(200));

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            while (batches.MoveNext())
            {
            }
        });
        loader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loader.Epoch(0));
    }

    [Fact]
    public void Epoch_that_fails_ends_when_asked_although_another_worker_hangs()
    {
        var images = new HangingImages(BatchLoaderTests.Images(8, i => i == 0 ? [] : null), index => index == 5, _released);
        using var loader = new BatchLoader(images, ImagePipeline.Evaluate(16), new() { BatchSize = 4, Workers = 2, Cache = CacheMode.None });
        images.Hung.Task.ContinueWith(_ => _stop.CancelAfter(TimeSpan.FromSeconds(2)), TaskScheduler.Default);

        Assert.Throws<ImageException>(() => loader.Epoch(0, stop: _stop.Token).Count());
    }

    [Fact]
    public void Image_that_takes_the_place_of_a_bad_one_may_hang_too()
    {
        var reads = 0;
        var images = new HangingImages(
            BatchLoaderTests.Images(5, i => i == 0 ? [] : null), index => index == 4 && Interlocked.Increment(ref reads) > 1, _released);
        using var loader = new BatchLoader(
            images, ImagePipeline.Evaluate(16), new() { BatchSize = 4, Workers = 1, Cache = CacheMode.None, BadImages = BadImagePolicy.Skip });
        images.Hung.Task.ContinueWith(_ => _stop.Cancel(), TaskScheduler.Default);

        Assert.ThrowsAny<OperationCanceledException>(() => loader.Epoch(0, stop: _stop.Token).Count());
    }

    [Fact]
    public void Looking_at_headers_for_the_cache_ends_when_asked()
    {
        var images = new HangingImages(BatchLoaderTests.Images(8), _ => true, _released);
        images.Hung.Task.ContinueWith(_ => _stop.Cancel(), TaskScheduler.Default);

        Assert.ThrowsAny<OperationCanceledException>(() => new BatchLoader(images, ImagePipeline.Evaluate(16), new() { Cache = CacheMode.Auto }, _stop.Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Check_and_statistics_end_when_asked(int workers)
    {
        var images = new HangingImages(BatchLoaderTests.Images(8), index => index == 2, _released);
        images.Hung.Task.ContinueWith(_ => _stop.Cancel(), TaskScheduler.Default);

        Assert.ThrowsAny<OperationCanceledException>(() => DatasetCheck.Run(images, workers: workers, stop: _stop.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => DatasetStatistics.Of(images, workers, stop: _stop.Token));
    }

    private sealed class HangingImages(IImageSource inner, Predicate<int> hangs, ManualResetEventSlim released) : IImageSource
    {
        public TaskCompletionSource Hung { get; } = new();

        public int Count => inner.Count;

        public IReadOnlyList<string> ClassNames => inner.ClassNames;

        public int Label(int index) => inner.Label(index);

        public string Key(int index) => inner.Key(index);

        public string Path(int index) => inner.Path(index);

        public void Read(int index, ByteBuffer buffer)
        {
            Wait(index);
            inner.Read(index, buffer);
        }

        public ImageHeader ReadHeader(int index)
        {
            Wait(index);
            return inner.ReadHeader(index);
        }

        private void Wait(int index)
        {
            if (!hangs(index)) return;
            Hung.TrySetResult();
            released.Wait();
        }
    }
}
