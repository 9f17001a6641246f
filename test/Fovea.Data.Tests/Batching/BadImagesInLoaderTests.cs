using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Batching;

public sealed class BadImagesInLoaderTests
{
    private static readonly LoaderOptions s_options =
        new() { BatchSize = 8, IsTraining = true, Seed = 9, Workers = 2, BadImages = BadImagePolicy.Skip, Cache = CacheMode.None };

    // Which of 53 images are bad.
    public static TheoryData<string> BadSets =>
    [
        "", "3", "0 52", "10 11 12 13 14 15 16 17 18 19",
        string.Join(' ', Enumerable.Range(0, 26).Select(i => 2 * i)),
        string.Join(' ', Enumerable.Range(1, 52)),
    ];

    [Fact]
    [Trait("row", "S2-03")]
    public void Fail_throws_for_the_first_bad_image_of_the_order_whatever_the_workers()
    {
        var source = With(30, 50);
        var messages = new HashSet<string>();
        foreach (var workers in (int[])[1, 2, 5])
        {
            using var loader = new BatchLoader(source, ImagePipeline.Train(16), s_options with { BadImages = BadImagePolicy.Fail, Workers = workers });
            messages.Add(Assert.Throws<ImageException>(() => loader.Epoch(0).Count()).Message);
        }

        Assert.EndsWith(".jpg: the file is empty (0 bytes); wanted a JPEG, PNG, WebP or BMP image", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_image_that_can_be_decoded_is_served_and_warned_of_once()
    {
        using var encoder = new JpegEncoder();
        var damaged = encoder.Encode(Fixtures.Picture(160, 160), quality: 90);
        ((ReadOnlySpan<byte>)[0xFF, 0xE5]).CopyTo(damaged.AsSpan(damaged.Length / 2));
        using var loader = new BatchLoader(BatchLoaderTests.Images(53, i => i == 7 ? damaged : null), ImagePipeline.Train(16), s_options);
        var warnings = new List<string>();
        loader.ImageWarned += warnings.Add;

        for (var epoch = 0; epoch < 2; epoch++)
            Assert.Equal(Enumerable.Range(0, 53), BatchLoaderTests.Copies(loader.Epoch(epoch)).SelectMany(batch => Numbers(batch.Samples)).Order());

        Assert.Contains("007.jpg: the JPEG is damaged (", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Empty(loader.BadImages);
    }

    [Theory]
    [MemberData(nameof(BadSets))]
    [Trait("row", "S2-03")]
    public void Skip_serves_every_good_image_once_in_full_batches(string badSet)
    {
        var bad = Numbers(badSet);
        using var loader = new BatchLoader(With(bad), ImagePipeline.Train(16), s_options);
        var reported = new List<BadImage>();
        loader.BadImageFound += reported.Add;
        for (var epoch = 0; epoch < 2; epoch++)
        {
            var batches = BatchLoaderTests.Copies(loader.Epoch(epoch));

            var served = batches.SelectMany(batch => Numbers(batch.Samples)).ToArray();
            Assert.Equal(Enumerable.Range(0, 53).Except(bad), served.Order());
            Assert.All(batches.SkipLast(1), batch => Assert.Equal(8, Numbers(batch.Samples).Length));
            Assert.Equal(bad, reported.Select(image => image.Index).Order());
        }

        Assert.Equal(bad.Select(i => $"{i:000}.jpg"), loader.BadKeys);
        Assert.All(loader.BadImages, image => Assert.Contains("the file is empty", image.Message, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(BadSets))]
    public void Skip_does_not_depend_on_workers_or_on_what_was_known(string badSet)
    {
        var bad = Numbers(badSet);
        var source = With(bad);
        using var one = new BatchLoader(source, ImagePipeline.Train(16), s_options with { Workers = 1, Prefetch = 1 });
        using var many = new BatchLoader(source, ImagePipeline.Train(16), s_options with { Workers = 5, Prefetch = 5 });
        using var knowing = new BatchLoader(source, ImagePipeline.Train(16), s_options with { KnownBad = [.. bad.Select(source.Key)] });
        var reports = 0;
        knowing.BadImageFound += _ => reports++;

        var expected = BatchLoaderTests.Copies(one.Epoch(1));

        Assert.Equal(expected, BatchLoaderTests.Copies(many.Epoch(1)));
        Assert.Equal(expected, BatchLoaderTests.Copies(knowing.Epoch(1)));
        Assert.Equal(0, reports);
    }

    [Theory]
    [MemberData(nameof(BadSets))]
    public void Epoch_resumed_with_what_was_known_gives_the_rest(string badSet)
    {
        var bad = Numbers(badSet);
        var source = With(bad);
        using var whole = new BatchLoader(source, ImagePipeline.Train(16), s_options);
        var expected = BatchLoaderTests.Copies(whole.Epoch(2));
        for (var startBatch = 1; startBatch <= expected.Length; startBatch++)
        {
            using var first = new BatchLoader(source, ImagePipeline.Train(16), s_options);
            _ = first.Epoch(2).Take(startBatch).Count();

            using var second = new BatchLoader(source, ImagePipeline.Train(16), s_options with { KnownBad = first.BadKeys });

            Assert.Equal(expected.Skip(startBatch), BatchLoaderTests.Copies(second.Epoch(2, startBatch)));
        }
    }

    [Fact]
    public void Dropped_remainder_replaces_bad_images_first()
    {
        using var loader = new BatchLoader(With(1, 2, 3), ImagePipeline.Train(16), s_options with { DropLast = true });

        // 53 images are 6 batches of 8 and a remainder of 5, of which 3 are needed.
        Assert.Equal(6, loader.Epoch(0).Count());
    }

    [Fact]
    public void Nothing_but_bad_images_is_refused()
    {
        using var loader = new BatchLoader(With([.. Enumerable.Range(0, 53)]), ImagePipeline.Train(16), s_options);

        Assert.Contains("none of the 53 images can be decoded", Assert.Throws<DataException>(() => loader.Epoch(0).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "S2-03")]
    public void Quarantine_moves_the_file_and_a_resumed_run_sees_the_same_order()
    {
        using var folder = new TemporaryFolder();
        folder.Images("data/a", 20).Images("data/b", 20).Write("data/a/007.png", [1, 2, 3]);
        var options = s_options with { BadImages = BadImagePolicy.Quarantine, QuarantineFolder = folder["away"] };
        string[] expected, resumed, keys;
        using (var loader = new BatchLoader(ClassFolders.Open(folder["data"], new() { ValidationFraction = 0 }).Train, ImagePipeline.Train(16), options))
        {
            expected = [.. BatchLoaderTests.Copies(loader.Epoch(0)).Select(batch => batch.Digest)];
            keys = [.. loader.BadKeys];
            Assert.Equal(folder["away/a/007.png"], Assert.Single(loader.BadImages).MovedTo);
        }

        Assert.False(File.Exists(folder["data/a/007.png"]));
        Assert.True(File.Exists(folder["away/a/007.png"]));
        var images = ClassFolders.Open(folder["data"], new() { ValidationFraction = 0, Quarantined = keys }).Train;
        using (var loader = new BatchLoader(images, ImagePipeline.Train(16), options with { KnownBad = keys }))
            resumed = [.. BatchLoaderTests.Copies(loader.Epoch(0, 2)).Select(batch => batch.Digest)];
        Assert.Equal(expected.Skip(2), resumed);
    }

    [Fact]
    public void Quarantine_without_a_folder_is_refused() =>
        Assert.Throws<ArgumentException>(() => new BatchLoader(With(), ImagePipeline.Train(16), s_options with { BadImages = BadImagePolicy.Quarantine }));

    [Fact]
    public void Missing_file_is_a_bad_image()
    {
        using var folder = new TemporaryFolder();
        folder.Images("a", 5).Images("b", 5);
        var images = ClassFolders.Open(folder.Path, new() { ValidationFraction = 0 }).Train;
        File.Delete(folder["b/002.png"]);
        using var loader = new BatchLoader(images, ImagePipeline.Train(16), s_options);

        Assert.Equal(9, loader.Epoch(0).Sum(batch => batch.Count));
        Assert.Contains("the file cannot be read", Assert.Single(loader.BadImages).Message, StringComparison.Ordinal);
    }

    private static int[] Numbers(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    private static MemoryImages With(params int[] bad) => BatchLoaderTests.Images(53, i => bad.Contains(i) ? [] : null);
}
