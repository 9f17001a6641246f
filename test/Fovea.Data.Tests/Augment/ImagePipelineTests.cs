using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Tests.Augment;

public sealed class ImagePipelineTests
{
    [Fact]
    public void Presets_have_their_size_and_only_training_draws()
    {
        Assert.Equal((112, 112), (ImagePipeline.Train(112).Input.Width, ImagePipeline.Train(112).Input.Height));
        Assert.Equal((224, 256), (ImagePipeline.Evaluate(224).Input.Width, ImagePipeline.Evaluate(224).Input.ShorterSide));
        Assert.True(ImagePipeline.Train(112).IsRandom);
        Assert.True(ImagePipeline.Cifar().IsRandom);
        Assert.False(ImagePipeline.Evaluate(112).IsRandom);
        Assert.False(ImagePipeline.Evaluate(new Preprocessing { Height = 32, Width = 32, Fit = Fit.Stretch }).IsRandom);
    }

    [Fact]
    public void Pipeline_compares_by_content()
    {
        Assert.Equal(ImagePipeline.Train(112), ImagePipeline.Train(112));
        Assert.Equal(ImagePipeline.Train(112).GetHashCode(), ImagePipeline.Train(112).GetHashCode());
        Assert.NotEqual(ImagePipeline.Train(112), ImagePipeline.Train(96));
    }

    [Fact]
    public void Images_are_fitted_first_where_no_step_fixes_the_size()
    {
        var image = Fixtures.Picture(60, 50);
        using var evaluating = new Preprocessor(ImagePipeline.Evaluate(16));
        using var training = new Preprocessor(ImagePipeline.Evaluate(16) with { Transforms = [new HorizontalFlip { Probability = 0 }] });
        using var cutting = new Preprocessor(ImagePipeline.Evaluate(16) with { Transforms = [new RandomResizedCrop { MinScale = 1 }] });
        var (a, b, c) = (new float[evaluating.Length], new float[evaluating.Length], new float[evaluating.Length]);

        evaluating.Process(image, "a", a);
        training.Process(image, "a", b);
        cutting.Process(image, "a", c);

        Assert.Equal(a, b);
        Assert.NotEqual(a, c);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Refuses(new HorizontalFlip { Probability = 1.5 }, "transforms[1].probability: 1.5; wanted 0 to 1");
        Refuses(new RandomResizedCrop { MinScale = 0.9, MaxScale = 0.5 }, "transforms[1].max_scale: 0.5; wanted 0.9 to 1");
        Refuses(new RandomCrop { Padding = -1 }, "transforms[1].padding: -1; wanted at least 0");

        static void Refuses(Transform transform, string message) => Assert.Equal(
            message, Assert.Throws<ArgumentException>(new ImagePipeline { Transforms = [new FitToInput(), transform] }.Validate).Message);
    }

    [Fact]
    public void A_step_that_leaves_another_size_is_named()
    {
        using var preprocessor = new Preprocessor(ImagePipeline.Train(16) with { Transforms = [new Halves()] });

        var e = Assert.Throws<InvalidOperationException>(() => preprocessor.Process(Fixtures.Picture(40, 40), "a", new float[preprocessor.Length]));

        Assert.StartsWith("«halves → 16×16 of the middle of 18", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("made an image of 8×8; wanted steps that leave 16×16", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_more_transform_changes_nobody_elses_draws()
    {
        var image = Fixtures.Picture(60, 50);
        Dictionary<string, double[]> Draws(params Transform[] transforms)
        {
            var drawn = new Dictionary<string, double[]>();
            using var preprocessor = new Preprocessor(ImagePipeline.Train(16) with { Transforms = [.. transforms.Select(t => t is Recorder r ? r with { To = drawn } : t)] });
            preprocessor.Process(image, "a", new float[preprocessor.Length], seed: 5, epoch: 2, sample: 9);
            return drawn;
        }

        var (a, b, flip) = (new Recorder("a"), new Recorder("b"), new HorizontalFlip());
        var alone = Draws(a)["a"];
        Assert.Equal(alone, Draws(flip, b, a, new RandomCrop())["a"]);
        Assert.Equal(alone, Draws(a, a with { Label = "again" })["a"]);
        Assert.Equal(Draws(a, a with { Label = "again" })["again"], Draws(b, a, flip, a with { Label = "again" })["again"]);
        Assert.NotEqual(alone, Draws(b)["b"]);
        Assert.NotEqual(alone, Draws(a, a with { Label = "again" })["again"]);
    }

    [Fact]
    public void Random_steps_follow_from_seed_epoch_and_sample()
    {
        var data = PngEncoder.Encode(Fixtures.Picture(60, 50));
        using var preprocessor = new Preprocessor(ImagePipeline.Train(16));

        float[] Run(ulong seed, long epoch, long sample)
        {
            var target = new float[preprocessor.Length];
            preprocessor.Process(data, "a", target, seed, epoch, sample);
            return target;
        }

        Assert.Equal(Run(1, 2, 3), Run(1, 2, 3));
        Assert.NotEqual(Run(1, 2, 3), Run(1, 2, 4));
        Assert.NotEqual(Run(1, 2, 3), Run(1, 3, 3));
        Assert.NotEqual(Run(1, 2, 3), Run(2, 2, 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(3)]
    public void Scaled_decoding_stays_near_the_exact_result(int orientation)
    {
        using var encoder = new JpegEncoder();
        var data = WithOrientation(encoder.Encode(Smooth(403, 301), quality: 95), orientation);
        foreach (var exactly in (ImagePipeline[])[ImagePipeline.Evaluate(32), ImagePipeline.Train(24)])
        {
            using var exact = new Preprocessor(Plain(exactly));
            using var scaled = new Preprocessor(Plain(exactly) with { ScaledDecoding = true });
            var (expected, actual) = (new float[exact.Length], new float[exact.Length]);
            for (var sample = 0; sample < 10; sample++)
            {
                exact.Process(data, "a", expected, seed: 1, epoch: 0, sample);
                scaled.Process(data, "a", actual, seed: 1, epoch: 0, sample);

                Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Average(), 0, 0.012);
            }
        }
    }

    [Fact]
    public void Scaled_decoding_is_not_used_where_the_reduction_is_small()
    {
        using var encoder = new JpegEncoder();
        var data = encoder.Encode(Fixtures.Picture(100, 90), quality: 95);
        using var exact = new Preprocessor(ImagePipeline.Evaluate(48));
        using var scaled = new Preprocessor(ImagePipeline.Evaluate(48) with { ScaledDecoding = true });
        var (expected, actual) = (new float[exact.Length], new float[exact.Length]);

        exact.Process(data, "a", expected);
        scaled.Process(data, "a", actual);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Preprocessor_allocates_nothing_once_its_buffers_have_grown()
    {
        using var encoder = new JpegEncoder();
        var data = encoder.Encode(Fixtures.Picture(300, 200));
        using var preprocessor = new Preprocessor(ImagePipeline.Train(64));
        var target = new float[preprocessor.Length];
        for (var sample = 0; sample < 100; sample++) preprocessor.Process(data, "a", target, seed: 1, epoch: 0, sample);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var sample = 0; sample < 100; sample++) preprocessor.Process(data, "a", target, seed: 1, epoch: 0, sample);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Preview_shows_the_pixels_before_normalisation()
    {
        var data = PngEncoder.Encode(Fixtures.Picture(60, 50));
        using var preprocessor = new Preprocessor(Plain(ImagePipeline.Train(16)));
        var (target, image) = (new float[preprocessor.Length], new RgbImage());

        preprocessor.Process(data, "a", target, seed: 1, epoch: 2, sample: 3);
        preprocessor.Preview(data, "a", image, seed: 1, epoch: 2, sample: 3);

        Assert.Equal(target[(16 * 16) + 5], image.Row(0)[(3 * 5) + 1] / 255f);
    }

    /// <summary>Samples as fractions of 255.</summary>
    private static ImagePipeline Plain(ImagePipeline pipeline) => pipeline with { Input = pipeline.Input with { Mean = [0, 0, 0], Std = [1, 1, 1] } };

    private static RgbImage Smooth(int width, int height)
    {
        var image = new RgbImage(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < 3; c++)
                    image.Row(y)[(3 * x) + c] = (byte)(128 + (100 * Math.Sin((x * 0.02) + c) * Math.Cos(y * 0.03)));
        return image;
    }

    // An APP1 segment with an EXIF block of one entry, behind the start marker.
    private static byte[] WithOrientation(byte[] jpeg, int orientation) =>
    [
        0xFF, 0xD8, 0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        .. jpeg.AsSpan(2),
    ];

    private sealed record Halves : Transform
    {
        public override string Kind => "halves";

        public override bool FixesSize => true;

        public override void Apply(Canvas canvas, ref Draws draws) => canvas.Resize(canvas.Input.Width / 2, canvas.Input.Height / 2, Interpolation.Bilinear);
    }

    private sealed record Recorder(string Label) : Transform
    {
        public override string Kind => Label == "b" ? "other" : "recorder";

        public Dictionary<string, double[]>? To { get; init; }

        public override void Apply(Canvas canvas, ref Draws draws)
        {
            To![Label] = [draws.Uniform(), draws.Normal(), draws.Integer(100), draws.Beta(0.3, 0.3)];
        }
    }
}
