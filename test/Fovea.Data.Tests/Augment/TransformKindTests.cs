using Fovea.Data.Augment;
using Fovea.Data.Augment.Pixels;
using Fovea.Data.Decoding;
using Fovea.Images;
using Fovea.Options;

namespace Fovea.Data.Tests.Augment;

/// <summary>What each kind of step does, and that all of them can be used on any image.</summary>
public sealed class TransformKindTests
{
    private static readonly Preprocessing s_input = new() { Height = 24, Width = 24, CropFraction = 1 };

    public static TheoryData<string> Kinds => [.. Transform.Kinds.Select(transform => transform.Kind)];

    [Fact]
    public void Each_kind_has_a_name_of_its_own_and_defaults_in_range()
    {
        Assert.Equal(Transform.Kinds.Count, Transform.Kinds.Select(transform => transform.Kind).Distinct().Count());
        foreach (var transform in Transform.Kinds)
        {
            var problems = new List<OptionProblem>();
            transform.Check(new(problems));
            Assert.Empty(problems);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_takes_images_of_any_size_in_colour_and_grey(string kind)
    {
        var transform = Transform.Kinds.Single(one => one.Kind == kind);
        Preprocessing[] inputs =
        [
            s_input, s_input with { Mean = [0.5], Std = [0.25] }, s_input with { Height = 1, Width = 1 }, s_input with { Interpolation = Interpolation.Bicubic },
        ];
        foreach (var input in inputs)
        {
            using var preprocessor = new Preprocessor(new() { Input = input, Transforms = [transform] });
            foreach (var (width, height) in ((int, int)[])[(1, 1), (24, 24), (37, 25), (2, 90)])
                for (var sample = 0; sample < 20; sample++)
                {
                    float[] Run()
                    {
                        var target = new float[preprocessor.Length];
                        preprocessor.Process(Fixtures.Picture(width, height), "a", target, seed: 7, epoch: 1, sample);
                        return target;
                    }

                    var once = Run();
                    Assert.Equal(once, Run());
                    Assert.All(once, number => Assert.True(float.IsFinite(number)));
                }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_but_fitting_changes_what_is_seen(string kind)
    {
        var transform = Transform.Kinds.Single(one => one.Kind == kind);
        var plain = Seen(s_input, 0);
        var changed = Enumerable.Range(0, 40).Count(sample => !plain.SequenceEqual(Seen(s_input, sample, transform)));
        if (transform is FitToInput) Assert.Equal(0, changed);
        else Assert.InRange(changed, 5, 40);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_allocates_nothing_once_its_buffers_have_grown(string kind)
    {
        var transform = Transform.Kinds.Single(one => one.Kind == kind);
        using var preprocessor = new Preprocessor(new() { Input = s_input, Transforms = [transform] });
        var (image, target) = (Fixtures.Picture(37, 25), new float[preprocessor.Length]);
        for (var sample = 0; sample < 300; sample++) preprocessor.Process(image, "a", target, seed: 7, epoch: 1, sample);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var sample = 0; sample < 300; sample++) preprocessor.Process(image, "a", target, seed: 7, epoch: 1, sample);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Steps_with_nothing_to_do_leave_every_sample_as_it_is()
    {
        Transform[] idle =
        [
            new DarknetCrop { MinCrop = 24, MaxCrop = 24 }, new RandomAffine { Degrees = 0 }, new ColorJitter { Brightness = 0, Contrast = 0, Saturation = 0 },
            new HsvJitter { Hue = 0, Saturation = 1, Exposure = 1 }, new Lighting { Deviation = 0 }, new Posterize { Bits = 8, Probability = 1 },
            new Solarize { Threshold = 256, Probability = 1 }, new Sharpness { Factor = 1, Probability = 1 }, new HideAndSeek { Sizes = [0] },
            new RandAugment { Operations = 0 }, new RandAugment { Config = "rand-n0" }, new GaussianBlur { MinSigma = 0.01, MaxSigma = 0.01, Probability = 1 },
            new RandomCrop { Padding = 0 }, new RandomErasing { Probability = 0 }, new GridMask { Probability = 0 }, new Cutout { Probability = 0 },
        ];
        var plain = Seen(s_input, 0);
        Assert.All(idle, transform => Assert.Equal(plain, Seen(s_input, 3, transform)));
    }

    [Fact]
    public void Alternating_flip_shows_every_image_both_ways_in_two_epochs()
    {
        var plain = Seen(s_input, 0);
        var flips = 0;
        for (var sample = 0; sample < 200; sample++)
        {
            bool[] mirrored = [.. Enumerable.Range(0, 6).Select(epoch => !plain.SequenceEqual(Seen(s_input, sample, new AlternatingFlip(), epoch)))];
            for (var epoch = 1; epoch < 6; epoch++) Assert.NotEqual(mirrored[epoch - 1], mirrored[epoch]);
            flips += mirrored[0] ? 1 : 0;
        }

        Assert.InRange(flips, 75, 125);
    }

    [Fact]
    [Trait("row", "S3-02")]
    public void Cutout_erases_squares_around_points_of_the_image_to_the_mean()
    {
        var areas = new List<int>();
        for (var sample = 0; sample < 300; sample++)
        {
            var erased = Erased(new Cutout { Length = 8 }, sample);
            Assert.Equal(erased.Width * erased.Height, erased.Count);
            Assert.InRange(erased.Width, 4, 8);
            Assert.InRange(erased.Height, 4, 8);
            areas.Add(erased.Count);
        }

        Assert.Equal(64, areas.Max());
        Assert.InRange(areas.Min(), 16, 30);
    }

    [Fact]
    [Trait("row", "S3-02")]
    public void Random_erasing_stays_within_its_areas_proportions_and_share()
    {
        var hits = 0;
        for (var sample = 0; sample < 1000; sample++)
        {
            var erased = Erased(new RandomErasing { Probability = 0.4, Fill = ErasingFill.Mean, MinArea = 0.1, MaxArea = 0.3 }, sample);
            if (erased.Count == 0) continue;
            hits++;
            Assert.Equal(erased.Width * erased.Height, erased.Count);
            Assert.InRange(erased.Count / 576.0, 0.07, 0.34);
            // Sides are whole pixels.
            Assert.InRange(erased.Height / (double)erased.Width, 0.25, 4);
        }

        Assert.InRange(hits, 340, 460);
    }

    [Fact]
    public void Random_erasing_fills_with_noise_or_with_one_colour()
    {
        float[] Of(ErasingFill fill)
        {
            var (before, after) = (Seen(s_input, 0), Seen(s_input, 11, new RandomErasing { Probability = 1, MinArea = 0.3, Fill = fill }));
            return [.. Enumerable.Range(0, 576).Where(i => before[i] != after[i]).Select(i => after[i])];
        }

        Assert.Single(Of(ErasingFill.Color).Distinct());
        var noise = Of(ErasingFill.Pixel);
        Assert.InRange(noise.Average(), -0.3f, 0.3f);
        Assert.InRange(noise.Average(x => x * x), 0.6f, 1.5f);
    }

    [Fact]
    public void Grid_mask_erases_the_square_of_its_ratio()
    {
        var mask = new GridMask { Probability = 1, MinPeriod = 0.25, MaxPeriod = 0.5 };
        var shares = Enumerable.Range(0, 400).Select(sample => Erased(mask, sample).Count / 576.0).ToArray();
        Assert.InRange(shares.Average(), 0.2, 0.3);
    }

    [Fact]
    public void Hide_and_seek_hides_whole_patches()
    {
        for (var sample = 0; sample < 50; sample++)
        {
            var after = Marked(new HideAndSeek { Sizes = [8] }, sample);
            for (var patch = 0; patch < 9; patch++)
                Assert.Single(Enumerable.Range(0, 64).Select(i => after[((((patch / 3) * 8) + (i / 8)) * 24) + ((patch % 3) * 8) + (i % 8)]).Distinct());
        }
    }

    [Fact]
    public void Lighting_shifts_each_channel_along_the_components()
    {
        var (before, after) = (Seen(s_input, 0), Seen(s_input, 4, new Lighting { Deviation = 1 }));
        var draws = new Draws(7, Draws.StreamOf("transform/lighting/1"), 0, 4);
        double[] multiples = [draws.Normal(), draws.Normal(), draws.Normal()];
        double[][] components = [[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]];
        double[] deviations = [0.2175, 0.0188, 0.0045];
        for (var c = 0; c < 3; c++)
        {
            var shift = Enumerable.Range(0, 3).Sum(k => components[c][k] * deviations[k] * multiples[k]) / s_input.Std[c];
            for (var i = 576 * c; i < 576 * (c + 1); i++) Assert.Equal(before[i] + shift, after[i], 1e-5);
        }
    }

    [Fact]
    public void A_blur_is_the_mean_of_the_reflected_neighbours_by_a_Gaussian()
    {
        var (image, result) = (Fixtures.Picture(13, 9), new RgbImage(13, 9));
        const double Sigma = 1.3;
        Blurs.Gaussian(Canvas.ViewOf(image), result, Sigma);
        for (var y = 0; y < 9; y++)
            for (var x = 0; x < 13; x++)
                for (var c = 0; c < 3; c++)
                {
                    var (sum, total) = (0.0, 0.0);
                    for (var dy = -4; dy <= 4; dy++)
                        for (var dx = -4; dx <= 4; dx++)
                        {
                            var weight = Math.Exp(-((dx * dx) + (dy * dy)) / (2 * Sigma * Sigma));
                            sum += weight * image.Row(Mirrored(y + dy, 9))[(3 * Mirrored(x + dx, 13)) + c];
                            total += weight;
                        }

                    Assert.InRange(Math.Abs(result.Row(y)[(3 * x) + c] - (sum / total)), 0, 0.5 + 1e-9);
                }

        static int Mirrored(int at, int length) => at < 0 ? -at : at >= length ? (2 * (length - 1)) - at : at;
    }

    [Fact]
    public void Three_augment_does_one_of_three_equally_often()
    {
        var image = Fixtures.Picture(24, 24);
        var counts = new int[3];
        for (var sample = 0; sample < 600; sample++)
        {
            var (canvas, draws, result) = (new Canvas(s_input), new Draws(1, 2, 3, sample), new RgbImage());
            canvas.Load(Canvas.ViewOf(image), "a");
            new ThreeAugment().Apply(canvas, ref draws);
            canvas.CopyTo(result);
            var isGrey = result.Pixels[0] == result.Pixels[1] && result.Pixels[1] == result.Pixels[2];
            var isSolarised = Enumerable.Range(0, 100).All(i => result.Pixels[i] == (image.Pixels[i] < 128 ? image.Pixels[i] : 255 - image.Pixels[i]));
            counts[isGrey ? 0 : isSolarised ? 1 : 2]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 160, 240));
    }

    private static (int Count, int Width, int Height) Erased(Transform transform, int sample)
    {
        var marks = Marked(transform, sample);
        var places = Enumerable.Range(0, marks.Length).Where(i => marks[i]).ToArray();
        return places.Length == 0 ? default : (
            places.Length, places.Max(i => i % 24) - places.Min(i => i % 24) + 1, places.Max(i => i / 24) - places.Min(i => i / 24) + 1);
    }

    /// <summary>Which pixels have the mean colour, in an image that has it nowhere.</summary>
    private static bool[] Marked(Transform transform, int sample)
    {
        var seen = Seen(s_input, sample, transform);
        Assert.DoesNotContain(0, Seen(s_input, sample));
        return [.. Enumerable.Range(0, 576).Select(i => seen[i] == 0 && seen[576 + i] == 0 && seen[1152 + i] == 0)];
    }

    private static float[] Seen(Preprocessing input, int sample, Transform? transform = null, int epoch = 0)
    {
        using var preprocessor = new Preprocessor(new() { Input = input, Transforms = transform is null ? [] : [transform] });
        var target = new float[preprocessor.Length];
        preprocessor.Process(Fixtures.Picture(24, 24), "a", target, seed: 7, epoch, sample);
        return target;
    }
}
