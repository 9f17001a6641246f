using Fovea.Auto;
using Fovea.Backends.OneDnn;
using Fovea.Data.Decoding;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Data.Synth;

namespace Fovea.Package.Tests.Auto;

public sealed class DataSummaryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_pictures_is_summed_up_and_gets_a_recipe_for_this_machine()
    {
        SynthDataset.Write(_folder.Path("signs"), new() { Classes = 3, Images = 60 });
        var data = DataSummary.Of(DataSet.Find(_folder.Path("signs")), TestContext.Current.CancellationToken);
        Assert.Equal(3, data.ClassNames.Count);
        Assert.Equal(60, data.Images + data.ValidationImages);
        Assert.True(data.ValidationImages >= 9);
        Assert.InRange(data.MedianSide, 28, 360);
        Assert.False(data.IsGrey);
        var machine = Machine.Here(new OneDnnBackend());
        Assert.True(machine is { Cores: >= 1, MemoryBytes: > 0, OperationsPerSecond: > 0, IsMeasured: false });
        Assert.NotEmpty(AutoRecipe.For(data, machine, new() { Time = TimeSpan.FromMinutes(1) }).Reasons);
    }

    [Fact]
    public void Imbalance_is_that_of_classes_that_have_images()
    {
        DataSummary Of(params int[] counts) => new() { ClassNames = [.. counts.Select(count => $"{count}")], ClassCounts = counts, MedianSide = 32 };
        Assert.Equal(1, Of(7, 7).Imbalance);
        Assert.Equal(20, Of(100, 5, 0).Imbalance);
    }

    [Fact]
    public void Pictures_of_which_none_can_be_read_are_an_error()
    {
        var images = new MemoryImages(["a", "b"], [("x", [1, 2, 3], 0), ("y", [4, 5, 6], 1)]);
        Assert.Equal(
            "broken: none of 2 images that were looked at can be read; wanted JPEG, PNG, WebP or BMP files",
            Assert.Throws<DataException>(() => DataSummary.Of(images, validation: null, "broken", TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void Grey_pictures_are_told_from_coloured_ones()
    {
        DataSummary Of(byte[] picture)
        {
            var images = new MemoryImages(["a", "b"], [("x", picture, 0), ("y", picture, 1), ("z", picture, 1)]);
            return DataSummary.Of(images, images, "pictures", TestContext.Current.CancellationToken);
        }

        var (colour, grey) = (Of(PngEncoder.EncodeRgb(new byte[3 * 28 * 28], 28, 28)), Of(PngEncoder.EncodeGrey(new byte[28 * 30], 28, 30)));
        Assert.Equal((28, false, 3, 2), (colour.MedianSide, colour.IsGrey, colour.ValidationImages, colour.ValidationImbalance));
        Assert.Equal((28, true), (grey.MedianSide, grey.IsGrey));
    }
}
