using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Tests.Augment;

/// <summary>What the values of a <see cref="Preprocessing"/> do to pixels.</summary>
public sealed class PreprocessingTests
{
    private static readonly Preprocessing s_grey = new() { Height = 12, Width = 12, CropFraction = 0.75, Mean = [0.25], Std = [0.5] };

    [Fact]
    public void Every_value_reaches_the_steps()
    {
        var crop = new Preprocessing
        {
            Height = 96,
            Width = 96,
            CropFraction = 0.9,
            Interpolation = Interpolation.Bicubic,
            Mean = [0.1, 0.2, 0.3],
            Std = [0.4, 0.5, 0.6],
        };
        Assert.Equal(106, crop.ShorterSide);
        Assert.Equal(
            Pixels(
                crop with { CropFraction = 1 },
                Made(Fixtures.Picture(240, 212), 120, 106, Interpolation.Bicubic, canvas => canvas.CropMiddle(96, 96))),
            Pixels(crop, Fixtures.Picture(240, 212)));
        var stretch = new Preprocessing { Height = 20, Width = 30, Fit = Fit.Stretch, Interpolation = Interpolation.Nearest };
        Assert.Equal(Pixels(stretch, Made(Fixtures.Picture(70, 50), 30, 20, Interpolation.Nearest)), Pixels(stretch, Fixtures.Picture(70, 50)));
        Assert.Throws<PreprocessingException>(() => ImagePipeline.Evaluate(crop with { Std = [1] }));
    }

    [Fact]
    public void Bicubic_and_bilinear_give_other_pixels()
    {
        var bilinear = new Preprocessing { Height = 12, Width = 12 };
        var (a, b) = (Pixels(bilinear), Pixels(bilinear with { Interpolation = Interpolation.Bicubic }));
        Assert.True(a.Zip(b).Max(pair => Math.Abs(pair.First - pair.Second)) > 0.01);
    }

    [Fact]
    public void Grey_models_get_one_plane_of_luma_from_colours()
    {
        var picture = Fixtures.Picture(40, 30);
        var luma = new RgbImage(40, 30);
        for (var i = 0; i < picture.Pixels.Length; i += 3)
        {
            // ITU-R BT.601 in 16-bit fixed point, rounded: Pillow's convert("L").
            var (red, green, blue) = (picture.Pixels[i], picture.Pixels[i + 1], picture.Pixels[i + 2]);
            luma.Pixels.Slice(i, 3).Fill((byte)(((red * 19595) + (green * 38470) + (blue * 7471) + 32768) >> 16));
        }

        using var grey = new Preprocessor(ImagePipeline.Evaluate(s_grey));
        Assert.Equal((1, 144), (grey.Channels, grey.Length));
        var target = new float[grey.Length];
        grey.Process(PngEncoder.Encode(picture), "a", target);
        var same = Pixels(s_grey with { Mean = [0.25, 0.25, 0.25], Std = [0.5, 0.5, 0.5] }, luma);
        for (var c = 0; c < 3; c++) Assert.Equal(same[(144 * c)..(144 * (c + 1))], target);
        Assert.Equal(target, Pixels(s_grey, luma));
    }

    [Fact]
    public void Grey_stays_what_it_is_at_every_level()
    {
        var levels = new RgbImage(256, 1);
        for (var i = 0; i < levels.Pixels.Length; i++) levels.Pixels[i] = (byte)(i / 3);
        var pixels = Pixels(new() { Height = 1, Width = 256, Fit = Fit.Stretch, Mean = [0], Std = [1] }, levels);
        Assert.Equal(Enumerable.Range(0, 256).Select(v => v / 255f), pixels);
    }

    [Fact]
    public void Mirrored_grey_is_grey_mirrored()
    {
        var pipeline = ImagePipeline.Evaluate(s_grey);
        using var mirrored = new Preprocessor(pipeline with { Transforms = [new HorizontalFlip { Probability = 1 }] });
        var target = new float[mirrored.Length];
        mirrored.Process(Fixtures.Picture(40, 30), "a", target);
        var plain = Pixels(s_grey);
        for (var y = 0; y < 12; y++)
            for (var x = 0; x < 12; x++) Assert.Equal(plain[(12 * y) + x], target[(12 * y) + 11 - x]);
    }

    [Fact]
    public void Nearest_takes_the_pixel_under_the_middle()
    {
        var (source, target) = (Fixtures.Picture(17, 11), new RgbImage());
        foreach (var (width, height) in new[] { (5, 4), (17, 11), (40, 23), (1, 1) })
        {
            new Resampler().Resize(source, target, width, height, Interpolation.Nearest);
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                {
                    var (column, row) = ((int)((x + 0.5) * 17 / width), (int)((y + 0.5) * 11 / height));
                    Assert.True(target.Row(y).Slice(3 * x, 3).SequenceEqual(source.Row(row).Slice(3 * column, 3)), $"{width}×{height} at {x}, {y}");
                }
        }
    }

    private static RgbImage Made(RgbImage image, int width, int height, Interpolation interpolation, Action<Canvas>? then = null)
    {
        var (canvas, result) = (new Canvas(new()), new RgbImage());
        canvas.Load(Canvas.ViewOf(image), "a");
        canvas.Resize(width, height, interpolation);
        then?.Invoke(canvas);
        canvas.CopyTo(result);
        return result;
    }

    private static float[] Pixels(Preprocessing preprocessing, RgbImage? image = null)
    {
        using var preprocessor = new Preprocessor(ImagePipeline.Evaluate(preprocessing));
        var target = new float[preprocessor.Length];
        preprocessor.Process(image ?? Fixtures.Picture(40, 30), "a", target);
        return target;
    }
}
