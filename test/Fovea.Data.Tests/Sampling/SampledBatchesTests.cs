using System.Runtime.InteropServices;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sampling;
using Fovea.Data.Sources;
using Fovea.Data.Tests.Batching;

namespace Fovea.Data.Tests.Sampling;

/// <summary>Batches of a sampled epoch keep what holds for batches of every image once.</summary>
public sealed class SampledBatchesTests
{
    private static readonly LoaderOptions s_options = new() { BatchSize = 8, IsTraining = true, Seed = 5, Workers = 2, Epochs = 6 };

    /// <summary>Every kind, so that it changes something of classes of 30, 15 and 8 images.</summary>
    public static TheoryData<Sampler> Samplers =>
        [.. Sampler.Kinds.Select(kind => kind is RepeatFactorSampler factor ? factor with { Threshold = 0.5 } : kind),
            new ClassBalancedSampler { FromEpoch = 3 }];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Sampled_batches_do_not_depend_on_workers_or_cache(Sampler sampler)
    {
        var (source, options) = (Images(), s_options with { Sampler = sampler });
        using var one = new BatchLoader(source, ImagePipeline.Train(16), options with { Workers = 1, Cache = CacheMode.None });
        using var many = new BatchLoader(source, ImagePipeline.Train(16), options with { Workers = 4, Prefetch = 5 });
        for (var epoch = 2; epoch < 5; epoch++) Assert.Equal(BatchLoaderTests.Copies(one.Epoch(epoch)), BatchLoaderTests.Copies(many.Epoch(epoch)));
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Sampled_epoch_begun_in_the_middle_gives_the_rest_with_mixing_repeats_and_bad_images(Sampler sampler)
    {
        var options = s_options with
        {
            Sampler = sampler, Repeats = 2, BadImages = BadImagePolicy.Skip, Mixing = [new Mixup(), new CutMix { PerImage = true }],
        };
        var source = Images(3, 17, 40, 51);
        using var whole = new BatchLoader(source, ImagePipeline.Train(16), options);
        var expected = BatchLoaderTests.Copies(whole.Epoch(4));
        for (var start = 0; start <= expected.Length; start++)
        {
            using var first = new BatchLoader(source, ImagePipeline.Train(16), options);
            _ = first.Epoch(4).Take(start).Count();
            using var second = new BatchLoader(source, ImagePipeline.Train(16), options with { KnownBad = first.BadKeys, Workers = 1 });
            Assert.Equal(expected[start..], BatchLoaderTests.Copies(second.Epoch(4, start)));
        }
    }

    public static TheoryData<Sampler, bool, int> Lengths => new MatrixTheoryData<Sampler, bool, int>(
        Samplers.Select(row => row.Data), [false, true], [1, 3]);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void The_batches_of_an_epoch_are_as_many_as_it_says_once_the_bad_images_are_known(Sampler sampler, bool dropLast, int repeats)
    {
        var options = s_options with { Sampler = sampler, DropLast = dropLast, Repeats = repeats, BadImages = BadImagePolicy.Skip };
        using var loader = new BatchLoader(Images(3, 17, 40, 51), ImagePipeline.Train(16), options);
        for (var epoch = 0; epoch < 8; epoch++)
        {
            var before = loader.BatchesOf(epoch);
            var (served, bad) = (loader.Epoch(epoch).Count(), loader.BadKeys.Count);
            Assert.InRange(served, 1, before);
            // Where images are repeated, an epoch meets some of the bad ones only.
            if (bad == 4) Assert.Equal(served, loader.BatchesOf(epoch));
        }

        Assert.Equal(4, loader.BadKeys.Count);
    }

    [Fact]
    public void The_length_of_another_epoch_is_told_while_one_runs_and_disturbs_nothing()
    {
        using var loader = new BatchLoader(Images(), ImagePipeline.Train(16), s_options with { Sampler = new RepeatFactorSampler { Threshold = 1 } });
        var expected = BatchLoaderTests.Copies(loader.Epoch(1));
        var lengths = Enumerable.Range(0, 6).Select(loader.BatchesOf).ToArray();
        var again = BatchLoaderTests.Copies(loader.Epoch(1).Select((batch, i) =>
        {
            Assert.Equal(lengths[i % 6], loader.BatchesOf(i % 6));
            return batch;
        }));
        Assert.Equal(expected, again);
    }

    [Fact]
    public void Epochs_of_repeat_factors_hold_every_good_image_as_often_as_it_is_drawn()
    {
        var sampler = new RepeatFactorSampler { Threshold = 0.5 };
        using var all = new BatchLoader(Images(), ImagePipeline.Train(16), s_options with { Sampler = sampler });
        using var some = new BatchLoader(Images(3, 17, 40, 51), ImagePipeline.Train(16), s_options with { Sampler = sampler, BadImages = BadImagePolicy.Skip });
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var expected = BatchLoaderTests.Samples(all.Epoch(epoch)).Where(i => i is not (3 or 17 or 40 or 51)).Order();
            Assert.Equal(expected, BatchLoaderTests.Samples(some.Epoch(epoch)).Order());
        }
    }

    [Fact]
    public void An_image_that_is_taken_several_times_is_augmented_anew_each_time()
    {
        using var loader = new BatchLoader(Images(), ImagePipeline.Train(16), s_options with { BatchSize = 53, Sampler = new ClassBalancedSampler() });
        var batch = loader.Epoch(0).First();
        var length = batch.Images.Length / batch.Count;
        var rows = Enumerable.Range(0, batch.Count)
            .GroupBy(
                row => batch.Samples.Span[row], row => Convert.ToHexString(MemoryMarshal.AsBytes(batch.Images.Span.Slice(row * length, length))))
            .ToArray();
        Assert.Contains(rows, image => image.Count() > 1);
        Assert.All(rows, image => Assert.Equal(image.Count(), image.Distinct().Count()));
    }

    [Fact]
    public void Rare_classes_are_served_as_often_as_others_by_batches_of_balanced_classes()
    {
        using var loader = new BatchLoader(Images(), ImagePipeline.Train(16), s_options with { Sampler = new ClassBalancedSampler() });
        var labels = loader.Epoch(0).SelectMany(batch => batch.Labels.ToArray()).CountBy(label => label)
            .OrderBy(entry => entry.Key).Select(entry => entry.Value);
        Assert.All(labels, count => Assert.InRange(count, 17, 18));
        Assert.Equal((53, 7), (loader.Samples, loader.Batches));
    }

    [Fact]
    public void Evaluation_refuses_a_sampler()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new BatchLoader(Images(), ImagePipeline.Evaluate(16), new() { Sampler = new SquareRootSampler() }));
        Assert.Contains("evaluation sees each image once", error.Message, StringComparison.Ordinal);
    }

    /// <summary>53 images: 30, 15 and 8 of three classes.</summary>
    private static MemoryImages Images(params int[] bad)
    {
        var plain = BatchLoaderTests.Images(53, i => bad.Contains(i) ? [] : null);
        var buffer = new ByteBuffer();
        return new(plain.ClassNames, [.. Enumerable.Range(0, 53).Select(i =>
        {
            plain.Read(i, buffer);
            return (plain.Key(i), buffer.Span.ToArray(), i < 30 ? 0 : i < 45 ? 1 : 2);
        })]);
    }
}
