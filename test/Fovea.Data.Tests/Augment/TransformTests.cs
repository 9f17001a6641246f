using System.Security.Cryptography;
using System.Text.Json;
using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Tests.Augment;

public sealed class TransformTests
{
    [Fact]
    public void Normalize_has_torchs_bits()
    {
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(SampleTables.Of(new()).AsSpan());

        // Of Normalize(ToTensor(…)) for the 256 sample values in each channel, torch 2.6.
        Assert.Equal("1d8b9af12b7b391827f7c801265239e21435c7e29b4d78c6189a35e437633897", Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(15, 3)]
    [InlineData(16, 3)]
    [InlineData(37, 3)]
    [InlineData(37, 1)]
    public void Samples_are_written_in_blocks_as_one_by_one(int width, int channels)
    {
        var random = new Random(width);
        for (var round = 0; round < 200; round++)
        {
            var input = Stretched(width, 9) with { Mean = Drawn(1), Std = Drawn(2) };
            var (image, tables) = (new RgbImage(width, 9), SampleTables.Of(input));
            random.NextBytes(image.Pixels);
            using var writing = new Preprocessor(new() { Input = input, Transforms = [new HorizontalFlip { Probability = round % 2 }] });
            var made = new float[writing.Length];
            writing.Process(image, "a", made);

            for (var i = 0; channels == 3 && i < made.Length; i++)
            {
                var (channel, y, x) = (i / (9 * width), i / width % 9, i % width);
                var sample = image.Row(y)[(3 * (round % 2 == 1 ? width - 1 - x : x)) + channel];
                Assert.Equal(BitConverter.SingleToInt32Bits(tables[(256 * channel) + sample]), BitConverter.SingleToInt32Bits(made[i]));
            }

            if (channels == 1) Assert.All(made, value => Assert.Contains(value, tables));
        }

        double[] Drawn(double most) => [.. Enumerable.Range(0, channels).Select(_ => Math.Max(random.NextDouble() * most, 1e-3))];
    }

    [Theory]
    [InlineData(Border.Black)]
    [InlineData(Border.Reflect)]
    public void A_crop_of_a_padded_image_is_a_part_of_the_whole(Border border)
    {
        var (image, whole, part) = (Fixtures.Picture(9, 7), new RgbImage(), new RgbImage());
        var canvas = Load(image);
        canvas.Pad(12, 3, 4, 17, border);
        canvas.CopyTo(whole);
        Assert.Equal((25, 27), (whole.Width, whole.Height));
        foreach (var (left, top, width, height) in new[] { (0, 0, 25, 27), (0, 0, 5, 2), (13, 4, 4, 4), (21, 0, 4, 27), (11, 9, 14, 18), (3, 20, 9, 7) })
        {
            canvas.Load(Canvas.ViewOf(image), "a");
            canvas.Pad(12, 3, 4, 17, border);
            canvas.Crop(left, top, width, height);
            canvas.CopyTo(part);

            Assert.Equal((width, height), (part.Width, part.Height));
            for (var y = 0; y < height; y++) Assert.Equal(whole.Row(top + y).Slice(3 * left, 3 * width).ToArray(), part.Row(y).ToArray());
        }
    }

    [Fact]
    public void Mirrored_write_equals_the_mirrored_image()
    {
        var image = Fixtures.Picture(20, 12);
        var mirrored = new RgbImage();
        var canvas = Load(image);
        canvas.Mirror();
        canvas.CopyTo(mirrored);
        var size = ImagePipeline.Evaluate(Stretched(20, 12));
        using var flipping = new Preprocessor(size with { Transforms = [new HorizontalFlip { Probability = 1 }] });
        using var plain = new Preprocessor(size);
        var (expected, actual) = (new float[plain.Length], new float[plain.Length]);

        plain.Process(mirrored, "a", expected);
        flipping.Process(image, "a", actual);

        Assert.Equal(expected, actual);
        Assert.Equal(image.Row(3)[..3].ToArray(), mirrored.Row(3)[^3..].ToArray());
    }

    [Fact]
    public void Resize_after_a_flip_sees_the_flipped_image()
    {
        var image = Fixtures.Picture(20, 12);
        var (mirrored, expected, actual) = (new RgbImage(), new RgbImage(), new RgbImage());
        var canvas = Load(image);
        canvas.Mirror();
        canvas.CopyTo(mirrored);

        canvas.Load(Canvas.ViewOf(image), "a");
        canvas.Mirror();
        canvas.Resize(7, 5, Interpolation.Bicubic);
        canvas.CopyTo(actual);

        new Resampler().Resize(mirrored, expected, 7, 5, Interpolation.Bicubic);
        Assert.Equal(expected.Pixels.ToArray(), actual.Pixels.ToArray());
    }

    [Theory]
    [InlineData(90, 70, 48, 40)]
    [InlineData(70, 90, 48, 31)]
    [InlineData(48, 60, 48, 40)]
    [InlineData(60, 48, 48, 40)]
    [InlineData(20, 33, 64, 64)]
    public void Crop_of_a_resized_image_is_the_part_of_the_whole(int width, int height, int size, int crop)
    {
        var image = Fixtures.Picture(width, height);
        var (whole, part) = (new RgbImage(), new RgbImage());
        var (w, h) = Canvas.OfShorter(width, height, size);
        new Resampler().Resize(image, whole, w, h, Interpolation.Bicubic);
        var (left, top) = (Canvas.Middle(w, crop), Canvas.Middle(h, crop));

        var canvas = Load(image);
        canvas.Resize(w, h, Interpolation.Bicubic);
        canvas.Crop(left, top, crop, crop);
        canvas.CopyTo(part);

        Assert.Equal((crop, crop), (part.Width, part.Height));
        for (var y = 0; y < crop; y++) Assert.Equal(whole.Row(top + y).Slice(3 * left, 3 * crop).ToArray(), part.Row(y).ToArray());
    }

    [Fact]
    public void Random_resized_crop_stays_inside_and_within_its_ranges()
    {
        var crop = new RandomResizedCrop();
        var (areas, n) = (0.0, 2000);
        for (var i = 0; i < n; i++)
        {
            var draws = new Draws(1, 0, 2, i);
            var (left, top, width, height) = crop.Choose(400, 300, ref draws);

            Assert.True(left >= 0 && top >= 0 && left + width <= 400 && top + height <= 300);
            Assert.InRange(width * height / 120_000.0, 0.078, 1);
            Assert.InRange((double)width / height, 0.74, 1.35);
            areas += width * height / 120_000.0;
        }

        // Uniform in 0.08 to 1, less what does not fit at the upper end.
        Assert.InRange(areas / n, 0.42, 0.54);
    }

    [Theory]
    [InlineData(1000, 10, 493, 0, 13, 10)]
    [InlineData(10, 1000, 0, 493, 10, 13)]
    public void Random_resized_crop_falls_back_to_the_middle(int width, int height, int left, int top, int cropWidth, int cropHeight)
    {
        var draws = new Draws(1, 0, 0, 0);

        Assert.Equal((left, top, cropWidth, cropHeight), new RandomResizedCrop { MinScale = 0.9 }.Choose(width, height, ref draws));
    }

    [Fact]
    public void Random_crop_reaches_every_offset_and_pads_with_black()
    {
        var image = new RgbImage(8, 8);
        image.Pixels.Fill(200);
        var black = SampleTables.Of(new())[0];
        using var preprocessor = new Preprocessor(new() { Input = Stretched(8, 8), Transforms = [new RandomCrop { Padding = 2 }] });
        var target = new float[preprocessor.Length];
        var patterns = new HashSet<string>();
        for (var sample = 0; sample < 500; sample++)
        {
            preprocessor.Process(image, "a", target, seed: 1, epoch: 0, sample);
            patterns.Add(string.Concat(target.Take(64).Select(x => x == black ? '0' : '1')));
        }

        Assert.Equal(25, patterns.Count);
    }

    [Fact]
    public void Random_crop_of_a_smaller_image_says_what_it_wants()
    {
        using var preprocessor = new Preprocessor(ImagePipeline.Cifar() with { Transforms = [new Unfitted(), new RandomCrop()] });

        var e = Assert.Throws<ImageException>(() => preprocessor.Process(new RgbImage(20, 30), "small.png", new float[preprocessor.Length]));

        Assert.Equal("small.png: its 20×30 pixels are 28×38 with a padding of 4; wanted at least 32×32 to crop", e.Message);
    }

    [Fact]
    public void Flip_happens_as_often_as_its_probability_says()
    {
        var image = Fixtures.Picture(4, 4);
        using var preprocessor = new Preprocessor(new() { Input = Stretched(4, 4), Transforms = [new HorizontalFlip { Probability = 0.25 }] });
        var (plain, target) = (new float[preprocessor.Length], new float[preprocessor.Length]);
        using (var still = new Preprocessor(ImagePipeline.Evaluate(Stretched(4, 4))))
            still.Process(image, "a", plain);
        var flips = 0;
        for (var sample = 0; sample < 2000; sample++)
        {
            preprocessor.Process(image, "a", target, seed: 3, epoch: 1, sample);
            if (target[0] != plain[0]) flips++;
        }

        Assert.InRange(flips, 430, 570);
    }

    private static Preprocessing Stretched(int width, int height) => new() { Width = width, Height = height, Fit = Fit.Stretch };

    private static Canvas Load(RgbImage image)
    {
        var canvas = new Canvas(new());
        canvas.Load(Canvas.ViewOf(image), "a");
        return canvas;
    }

    private static RgbImage Read(JsonElement image)
    {
        var size = image.GetProperty("size");
        var result = new RgbImage(size[1].GetInt32(), size[0].GetInt32());
        Convert.FromHexString(image.GetProperty("hex").GetString()!).CopyTo(result.Pixels);
        return result;
    }

    /// <summary>Says that it fixes the size, so that images come as they are.</summary>
    private sealed record Unfitted : Transform
    {
        public override string Kind => "unfitted";

        public override bool FixesSize => true;
    }
}
