using Fovea.Models.Building;
using Fovea.Passes;

namespace Fovea.Models.Tests;

public sealed class RebatchTests
{
    public static TheoryData<string> Names() => [.. ModelCatalog.All.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Model_with_another_batch_is_the_model_that_is_built_with_it(string name)
    {
        var row = ModelCatalog.Find(name);
        var options = new ModelOptions { ImageSize = row.ImageSize, DropRate = 0.1 };
        if (row.IsFreeForm) options = options with { NumBlocks = [1, 2, 1, 1], WidthMultiplier = [0.25, 0.25, 0.5, 0.5] };
        var (one, three) = (ModelCatalog.Build(name, options), ModelCatalog.Build(name, options, batch: 3));
        Assert.Equal(three.ToString(), new Rebatch(3).Apply(one).ToString());
        Assert.Equal(one.ToString(), new Rebatch(1).Apply(three).ToString());
    }
}
