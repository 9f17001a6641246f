using Fovea.Auto;
using Fovea.Data.Sets;
using Fovea.Package.Tests.Runs;
using Fovea.Recipes;
using Fovea.Runs;

namespace Fovea.Package.Tests.Auto;

public sealed class LoadProbeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_that_are_kept_decoded_take_no_longer_again_than_at_first()
    {
        var (first, again) = Probe("");
        Assert.InRange(first, double.Epsilon, 10);
        Assert.InRange(again, double.Epsilon, first);
    }

    [Fact]
    public void Images_that_are_read_anew_take_as_long_each_time()
    {
        var (first, again) = Probe("data: {image_size: 16, cache: none}\n");
        Assert.Equal(first, again);
    }

    [Fact]
    public void Bad_images_are_passed_over()
    {
        var data = TinyImages.Make(_folder);
        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Take(3).ToArray()) File.WriteAllText(file, "no image");
        Assert.True(Probe("", data).First > 0);
    }

    private LoadTimes Probe(string more, string? data = null)
    {
        var recipe = RecipeReader.Parse(TinyImages.Recipe, "tiny.yaml");
        if (more.Length > 0) recipe = recipe with { Data = recipe.Data with { Cache = RecipeReader.Parse(more, "more").Data.Cache } };
        using var setup = TrainingSetup.Open(recipe, DataSet.Find(data ?? TinyImages.Make(_folder)));
        return LoadProbe.Of(setup.Recipe, setup.Data.Train, TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
    }
}
