using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Tests.Augment;

public sealed class ImagePipelineTests
{
    [Fact]
    public void Presets_have_their_size_and_only_training_draws()
    {
        Assert.Equal((112, 112), ImagePipeline.Train(112).OutputSize);
        Assert.Equal((224, 224), ImagePipeline.Evaluate(224).OutputSize);
        Assert.Equal(new Resize { Size = 256 }, ImagePipeline.Evaluate(224).Transforms[0]);
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
    public void Pipeline_without_a_fixed_size_is_refused()
    {
        var e = Assert.Throws<ArgumentException>(() => new Preprocessor(new() { Transforms = [new Resize()] }));

        Assert.Contains("wanted a last step that fixes the size", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Refuses(new CenterCrop { Size = 0 }, "Size is 0; wanted 1 to 65536 pixels");
        Refuses(new RandomHorizontalFlip { Probability = 1.5 }, "Probability is 1.5; wanted 0 to 1");
        Refuses(new RandomResizedCrop { MinScale = 0.9, MaxScale = 0.5 }, "Scale is 0.9 to 0.5; wanted a range within 1E-06 to 1");
        Refuses(new RandomCrop { Padding = -1 }, "Padding is -1");

        static void Refuses(Transform transform, string message) =>
            Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(transform.Validate).Message, StringComparison.Ordinal);
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
            using var exact = new Preprocessor(exactly with { Normalize = Normalize.None });
            using var scaled = new Preprocessor(exactly with { Normalize = Normalize.None, ScaledDecoding = true });
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
        using var preprocessor = new Preprocessor(ImagePipeline.Train(16) with { Normalize = Normalize.None });
        var (target, image) = (new float[preprocessor.Length], new RgbImage());

        preprocessor.Process(data, "a", target, seed: 1, epoch: 2, sample: 3);
        preprocessor.Preview(data, "a", image, seed: 1, epoch: 2, sample: 3);

        Assert.Equal(target[(16 * 16) + 5], image.Row(0)[(3 * 5) + 1] / 255f);
    }

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
}
