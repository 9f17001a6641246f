using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Sources;

public sealed class LongTailTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sizes_are_those_of_cifar_10_lt()
    {
        // Cui et al. 2019: 5 000 images a class, imbalance 100.
        Assert.Equal([5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50], LongTail.Sizes(5000, 10, 100));
        Assert.Equal(10847, LongTail.Sizes(500, 100, 100).Sum());
        Assert.All(LongTail.Sizes(7, 3, 1), size => Assert.Equal(7, size));
        Assert.Equal([3, 1, 1], LongTail.Sizes(3, 3, 1e9));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Factor_below_1_or_none_is_refused(double factor) => Assert.Throws<ArgumentOutOfRangeException>(() => LongTail.Sizes(5, 2, factor));

    [Fact]
    public void Subset_follows_from_the_seed_and_a_larger_factor_keeps_a_part_of_it()
    {
        var source = Source(40, 40, 40);
        var (first, again, other) = (Keys(LongTail.Of(source, 10, 1)), Keys(LongTail.Of(source, 10, 1)), Keys(LongTail.Of(source, 10, 2)));

        Assert.Equal(40 + 12 + 4, first.Length);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Subset(first.ToHashSet(), Keys(LongTail.Of(source, 40, 1)).ToHashSet());
        Assert.Equal(first.Order(StringComparer.Ordinal), first);
    }

    [Fact]
    public void Class_that_has_fewer_images_keeps_all() => Assert.Equal([40, 5, 4], Counts(LongTail.Of(Source(40, 5, 40), 10)));

    [Fact]
    public void One_class_is_refused() =>
        Assert.Contains(
            "there is no tail in 1 class with 3 images", Assert.Throws<DataException>(() => LongTail.Of(Source(3), 10)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Subset_is_written_beside_the_whole_validation_part(bool asLinks)
    {
        _folder.Images("in/train/a", 20).Images("in/train/b", 20).Images("in/val/a", 3).Images("in/val/b", 3);
        var parts = ClassFolders.Open(_folder["in"]);
        LongTail.Write(_folder["out"], LongTail.Of(parts.Train, 10), parts.Validation, asLinks);

        var written = ClassFolders.Open(_folder["out"]);
        Assert.Equal([20, 2], Counts(written.Train));
        Assert.Equal([3, 3], Counts(written.Validation));
        Assert.Equal(asLinks, new FileInfo(written.Train.Path(0)).LinkTarget is not null);
        Assert.Throws<DataException>(() => LongTail.Write(_folder["out"], parts.Train, parts.Validation, asLinks));
        Assert.Throws<DataException>(() => LongTail.Write(_folder["in/x"], parts.Train, parts.Validation, asLinks));
    }

    private static ImageFiles Source(params int[] counts) => new(
        "/data", [.. counts.Select((_, label) => $"c{label}")],
            counts.SelectMany((count, label) => Enumerable.Range(0, count).Select(i => ($"c{label}/{i:000}.png", label))));

    private static string[] Keys(ImageSelection images) => [.. Enumerable.Range(0, images.Count).Select(images.Key)];

    private static int[] Counts(IImageSource images) =>
        [.. Enumerable.Range(0, images.ClassNames.Count).Select(label => Enumerable.Range(0, images.Count).Count(i => images.Label(i) == label))];
}
