using Fovea.Auto;
using Fovea.Backends.OneDnn;
using Fovea.Models;
using Fovea.Training.Recipes;

namespace Fovea.Package.Tests.Auto;

public class FittingBatchTests
{
    private const long Mebi = 1 << 20;

    [Theory]
    [InlineData(50_000, 100, 8192, 1024)]
    [InlineData(50_000, 100, 400, 32)]
    [InlineData(50_000, 100, 100, 1)]
    [InlineData(500, 100, 8192, 16)]
    [InlineData(5, 100, 8192, 5)]
    public void A_batch_is_the_largest_power_of_two_that_fits_in_half_of_the_memory_and_leaves_twenty_updates(
        int images, int fixedMebibytes, int memoryMebibytes, int batch)
    {
        // An image takes 2 MiB more, and the weights as much as they do.
        long Bytes(int n) => (fixedMebibytes + (2 * n)) * Mebi;
        Assert.Equal(batch, FittingBatch.Of(images, Bytes(2), Bytes(4), memoryMebibytes * Mebi));
    }

    [Fact]
    public void What_a_plan_takes_is_read_off_the_plan()
    {
        var recipe = new TrainRecipe { Model = new() { Name = "resnet20" }, Data = new() { ImageSize = 32 } };
        int Of(long memory) => FittingBatch.Of(
            recipe, batch => ModelCatalog.Build("resnet20", new() { Classes = 2, ImageSize = 32 }, batch), [200_000, 200_000], new OneDnnBackend(), memory);
        var (small, large) = (Of(256 * Mebi), Of(4096 * Mebi));
        Assert.True(small >= 8 && large >= 8 * small, $"{small}, {large}");
    }
}
