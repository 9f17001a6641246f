using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Images;

namespace Fovea.Data.Tests.Batching;

/// <summary>Rows of several images, repeated images and views keep what holds for single images.</summary>
public sealed class MixedBatchesTests
{
    private static readonly LoaderOptions s_mixing = new()
    {
        BatchSize = 8,
        IsTraining = true,
        Seed = 5,
        Workers = 2,
        Repeats = 3,
        Mixing = [new Mixup { Probability = 0.3 }, new CutMix { Probability = 0.3, PerImage = true }, new Ricap { Probability = 0.2 }],
    };

    public static TheoryData<Mixer> Mixers => [.. Mixer.Kinds];

    [Theory]
    [InlineData(4, 3)]
    [InlineData(3, 1)]
    public void Mixed_and_repeated_batches_do_not_depend_on_the_workers(int workers, int prefetch)
    {
        var source = BatchLoaderTests.Images(53);
        using var one = new BatchLoader(source, ImagePipeline.Train(16), s_mixing with { Workers = 1 });
        using var many = new BatchLoader(source, ImagePipeline.Train(16), s_mixing with { Workers = workers, Prefetch = prefetch });

        for (var epoch = 0; epoch < 3; epoch++) Assert.Equal(Copies(one.Epoch(epoch)), Copies(many.Epoch(epoch)));
    }

    [Theory]
    [MemberData(nameof(Mixers))]
    public void Mixed_batches_are_the_same_after_resuming_at_any_batch(Mixer mixer)
    {
        var options = s_mixing with { Mixing = [mixer with { Probability = 0.7 }, new Mixup { Probability = 0.3, PerImage = true }] };
        var source = BatchLoaderTests.Images(53);
        using var whole = new BatchLoader(source, ImagePipeline.Train(16), options);
        var expected = Copies(whole.Epoch(2));
        Assert.Equal(7, expected.Length);
        for (var start = 0; start <= expected.Length; start++)
        {
            using var resumed = new BatchLoader(source, ImagePipeline.Train(16), options with { Workers = 1 + (start % 3) });
            Assert.Equal(expected[start..], Copies(resumed.Epoch(2, start)));
        }
    }

    [Fact]
    public void Mixed_batches_with_bad_images_are_the_same_after_resuming_at_any_batch()
    {
        var source = BatchLoaderTests.Images(53, i => i is 3 or 17 or 18 or 40 ? [] : null);
        var options = s_mixing with { BadImages = BadImagePolicy.Skip };
        using var whole = new BatchLoader(source, ImagePipeline.Train(16), options);
        var expected = Copies(whole.Epoch(1));
        for (var start = 0; start < expected.Length; start++)
        {
            using var first = new BatchLoader(source, ImagePipeline.Train(16), options);
            Assert.Equal(expected[..start], Copies(first.Epoch(1).Take(start)));
            using var second = new BatchLoader(source, ImagePipeline.Train(16), options with { KnownBad = first.BadKeys, Workers = 4 });
            Assert.Equal(expected[start..], Copies(second.Epoch(1, start)));
        }
    }

    [Fact]
    public void Targets_are_the_shares_of_the_classes_and_labels_the_largest_of_them()
    {
        using var plain = new BatchLoader(BatchLoaderTests.Images(32), ImagePipeline.Train(16), s_mixing with { Repeats = 1, Mixing = [] });
        using var mixed = new BatchLoader(
            BatchLoaderTests.Images(32), ImagePipeline.Train(16), s_mixing with { Repeats = 1, Mixing = [new Mixup { Alpha = 1 }] });
        foreach (var (before, after) in plain.Epoch(0).Zip(mixed.Epoch(0)))
        {
            Assert.True(before.Targets.IsEmpty);
            Assert.Equal(before.Samples.ToArray(), after.Samples.ToArray());
            for (var row = 0; row < after.Count; row++)
            {
                var shares = after.Targets.Span.Slice(3 * row, 3).ToArray();
                Assert.Equal(1, shares.Sum(), 1e-6);
                Assert.Equal(shares.Max(), shares[after.Labels.Span[row]]);

                // x = λ·a + (1 − λ)·b with the λ of the target, where both classes differ.
                if (shares[before.Labels.Span[row]] is var share && share is < 0.001f or > 0.999f) continue;
                var (a, x) = (before.Images.Span.Slice(768 * row, 768).ToArray(), after.Images.Span.Slice(768 * row, 768).ToArray());
                Assert.Contains(Enumerable.Range(0, before.Count), other =>
                    Enumerable.Range(0, 768).All(i => Math.Abs((share * a[i]) + ((1 - share) * before.Images.Span[(768 * other) + i]) - x[i]) < 1e-4));
            }
        }
    }

    [Fact]
    public void A_mixer_is_done_to_its_share_of_the_batches_and_the_others_stay_as_they_are()
    {
        var options = s_mixing with { BatchSize = 2, Repeats = 1, Mixing = [new Mosaic { Probability = 0.25 }] };
        using var plain = new BatchLoader(BatchLoaderTests.Images(400), ImagePipeline.Train(16), options with { Mixing = [] });
        using var mixed = new BatchLoader(BatchLoaderTests.Images(400), ImagePipeline.Train(16), options);
        var changed = BatchLoaderTests.Copies(plain.Epoch(0))
            .Zip(BatchLoaderTests.Copies(mixed.Epoch(0))).Count(pair => pair.First.Digest != pair.Second.Digest);
        Assert.InRange(changed, 25, 75);
    }

    [Fact]
    public void Mixers_that_say_no_probability_share_what_others_leave()
    {
        Assert.Equal(Of(new Mixup { Probability = 0.5 }, new CutMix { Probability = 0.5 }), Of(new Mixup(), new CutMix()));
        Assert.Equal(Of(new Mixup { Probability = 0.4 }, new CutMix { Probability = 0.3 }, new Mosaic { Probability = 0.3 }),
            Of(new Mixup { Probability = 0.4 }, new CutMix(), new Mosaic()));
        Assert.Equal(Of(new Mixup { Probability = 1 }), Of(new Mixup()));
    }

    [Fact]
    public void One_more_mixer_changes_nobody_elses_draws()
    {
        var alone = Of(new Mixup { Probability = 0.5 });
        var beside = Of(new Mixup { Probability = 0.5 }, new CutMix { Probability = 0.5 });
        var none = Of(new Mixup { Probability = 0 });
        Assert.Contains(true, alone.Zip(none).Select(pair => pair.First != pair.Second));
        for (var i = 0; i < alone.Length; i++)
            if (alone[i] != none[i]) Assert.Equal(alone[i], beside[i]);
    }

    [Fact]
    public void Repeated_images_follow_each_other_and_are_augmented_anew()
    {
        using var loader = new BatchLoader(BatchLoaderTests.Images(30), ImagePipeline.Train(16), s_mixing with { BatchSize = 6, Mixing = [] });
        Assert.Equal((30, 5), (loader.Samples, loader.Batches));
        var rows = loader.Epoch(0).SelectMany(batch => Enumerable.Range(0, batch.Count).Select(row =>
            (Sample: batch.Samples.Span[row], Pixels: string.Join(' ', batch.Images.Slice(768 * row, 768).ToArray())))).ToArray();

        Assert.Equal(10, rows.Select(row => row.Sample).Distinct().Count());
        Assert.Equal(30, rows.Select(row => row.Pixels).Distinct().Count());
        for (var i = 0; i < rows.Length; i++) Assert.Equal(rows[i - (i % 3)].Sample, rows[i].Sample);
        Assert.NotEqual(rows.Select(row => row.Sample).Order(), BatchLoaderTests.Samples(loader.Epoch(1)).Order());
    }

    [Theory]
    [InlineData(Views.Flip, 2)]
    [InlineData(Views.FiveCrop, 5)]
    [InlineData(Views.TenCrop, 10)]
    public void Views_of_an_image_follow_each_other_and_a_bad_image_leaves_no_part_of_a_group(Views views, int count)
    {
        var pipeline = ImagePipeline.Evaluate(16) with { Views = views };
        using var loader = new BatchLoader(
            BatchLoaderTests.Images(11, i => i is 2 or 10 ? [] : null), pipeline,
            new() { BatchSize = 2 * count, Workers = 3, BadImages = BadImagePolicy.Skip });
        Assert.Equal((count, 11 * count), (loader.ViewsPerImage, loader.Samples));
        var batches = loader.Epoch(0).Select(batch => batch.Samples.ToArray()).ToArray();
        var images = batches.SelectMany(samples => samples.Chunk(count)).ToArray();
        Assert.All(images, group => Assert.Equal((1, count), (group.Distinct().Count(), group.Length)));
        Assert.Equal([0, 1, 3, 4, 5, 6, 7, 8, 9], images.Select(group => group[0]).Order());
    }

    [Fact]
    public void Ten_crops_are_the_corners_the_middle_and_all_of_them_mirrored()
    {
        var source = BatchLoaderTests.Images(1);
        using var loader = new BatchLoader(source, ImagePipeline.Evaluate(16) with { Views = Views.TenCrop }, new() { BatchSize = 10, Workers = 1 });
        using var whole = new BatchLoader(
            source, ImagePipeline.Evaluate(new Preprocessing { Height = 18, Width = 22, Fit = Fit.Stretch }), new() { BatchSize = 1, Workers = 1 });

        // 30×24 pixels, of which the shorter side becomes 18, the longer 22.
        var image = whole.Epoch(0).Select(batch => batch.Images.ToArray()).Single();
        var views = loader.Epoch(0).Select(batch => batch.Images.ToArray()).Single();
        (int Left, int Top)[] places = [(0, 0), (6, 0), (0, 2), (6, 2), (3, 1)];
        for (var view = 0; view < 10; view++)
            for (var at = 0; at < 768; at++)
            {
                var (c, y, x) = (at / 256, at / 16 % 16, view < 5 ? at % 16 : 15 - (at % 16));
                Assert.Equal(image[(((c * 18) + y + places[view % 5].Top) * 22) + x + places[view % 5].Left], views[(768 * view) + at]);
            }
    }

    [Fact]
    public void Mixing_repeats_and_views_are_refused_where_they_have_no_sense()
    {
        var images = BatchLoaderTests.Images(11);
        var (fitted, trained) = (ImagePipeline.Evaluate(16), ImagePipeline.Train(16));
        Refuses("evaluation sees each image once", fitted, new() { Mixing = [new Mixup()] });
        Refuses("evaluation sees each image once", fitted, new() { Repeats = 2 });
        Refuses(
            "mixing: probabilities whose sum is 1.5", trained, s_mixing with { Mixing = [new Mixup { Probability = 1 }, new CutMix { Probability = 0.5 }] });
        Refuses("a batch of 8 rows", fitted with { Views = Views.TenCrop }, new() { BatchSize = 8 });
        Refuses("views: five_crop", ImagePipeline.Cifar() with { Transforms = [], Views = Views.FiveCrop }, new() { BatchSize = 5 });
        Refuses("several views", fitted with { Views = Views.Flip }, s_mixing);

        void Refuses(string message, ImagePipeline pipeline, LoaderOptions options) => Assert.StartsWith(
            message, Assert.ThrowsAny<ArgumentException>(() => new BatchLoader(images, pipeline, options)).Message, StringComparison.Ordinal);
    }

    /// <summary>What mixers make of an epoch.</summary>
    private static string[] Of(params Mixer[] mixing)
    {
        using var loader = new BatchLoader(BatchLoaderTests.Images(80), ImagePipeline.Train(16), s_mixing with { Mixing = mixing });
        return [.. BatchLoaderTests.Copies(loader.Epoch(0)).Select(batch => batch.Digest)];
    }

    private static (int Number, string Samples, string Labels, string Digest, string Targets)[] Copies(IEnumerable<ImageBatch> batches) =>
        [.. batches.Select(batch => (BatchLoaderTests.Copies([batch])[0], Targets: string.Join(' ', batch.Targets.ToArray())))
            .Select(of => (of.Item1.Number, of.Item1.Samples, of.Item1.Labels, of.Item1.Digest, of.Targets))];
}
