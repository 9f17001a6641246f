using Fovea.Data.Augment;
using Fovea.Data.Batching;

namespace Fovea.Data.Tests.Batching;

/// <summary>Counts what the whole process allocates, so no other test may run beside it.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LoaderAllocationTests
{
    private const string Name = "alone in the process";

    [Fact]
    public void Epoch_allocates_little_once_buffers_have_grown()
    {
        var options = new LoaderOptions { BatchSize = 8, IsTraining = true, Seed = 5, Workers = 2, Cache = CacheMode.None };
        using var loader = new BatchLoader(BatchLoaderTests.Images(400), ImagePipeline.Train(16), options);
        for (var epoch = 0; epoch < 3; epoch++) _ = loader.Epoch(epoch).Count();
        var before = GC.GetTotalAllocatedBytes(precise: true);

        for (var epoch = 0; epoch < 3; epoch++) _ = loader.Epoch(epoch).Count();

        // 1200 images in 150 batches.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 60_000);
    }
}
