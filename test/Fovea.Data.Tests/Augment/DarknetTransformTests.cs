using Fovea.Data.Augment;
using Fovea.Data.Decoding;

namespace Fovea.Data.Tests.Augment;

/// <summary>Darknet's augmentation of classes against its formulas (<c>image.c</c>), with the draws of the step.</summary>
[Trait("row", "S4-08")]
public sealed class DarknetTransformTests
{
    private const int Size = 16;

    private static readonly double[] s_zero = [0, 0, 0];
    private static readonly double[] s_one = [1, 1, 1];

    [Theory]
    [InlineData(30, 24, 1.0, 0)]
    [InlineData(24, 37, 2.0, 0)]
    [InlineData(40, 21, 1.5, 30)]
    public void A_crop_is_the_one_of_rotate_crop_image_with_the_bounds_aspect_and_angle(int width, int height, double aspect, double angle)
    {
        var image = Fixtures.Picture(width, height);
        var crop = new DarknetCrop { MinCrop = 18, MaxCrop = 30, Aspect = aspect, Angle = angle };
        for (var sample = 0; sample < 12; sample++)
        {
            var (expected, found) = (Cropped(image, crop, sample), Seen(image, sample, crop));
            for (var i = 0; i < expected.Length; i++)
                if (expected[i] is { } number) Assert.Equal(number, found[i], 1.01);
            Assert.InRange(expected.Count(number => number is null), 0, expected.Length / 8);
        }
    }

    [Fact]
    public void Exposure_multiplies_the_value_saturation_the_distance_from_white_and_hue_keeps_both()
    {
        var image = Fixtures.Picture(Size, Size);
        for (var sample = 0; sample < 20; sample++)
        {
            var before = Seen(image, sample);
            var draws = new Draws(7, Draws.StreamOf("transform/hsv_jitter/1"), 0, sample);
            draws.Uniform();
            var (saturation, exposure) = (Scales.Draw(1.5, ref draws), Scales.Draw(1.5, ref draws));
            Assert.InRange(saturation, 1 / 1.5, 1.5);
            var (turned, faded, lit) = (
                Seen(image, sample, new HsvJitter { Hue = 0.1, Saturation = 1, Exposure = 1 }), Seen(image, sample, new HsvJitter { Hue = 0, Exposure = 1 }),
                Seen(image, sample, new HsvJitter { Hue = 0, Saturation = 1 }));
            var changed = 0;
            for (var at = 0; at < Size * Size; at++)
            {
                var (most, least) = Ends(before, at);
                var (turnedMost, turnedLeast) = Ends(turned, at);
                Assert.Equal((most, least), (turnedMost, turnedLeast), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1.01 && Math.Abs(a.Item2 - b.Item2) < 1.01);
                changed += turned[at] != before[at] ? 1 : 0;
                var (fadedMost, fadedLeast) = Ends(faded, at);
                Assert.Equal(most, fadedMost, 1.01);
                Assert.Equal(Math.Max(0, most - (saturation * (most - least))), fadedLeast, 1.51);
                for (var c = 0; c < 3; c++) Assert.Equal(Math.Min(255, exposure * before[(c * Size * Size) + at]), lit[(c * Size * Size) + at], exposure + 1);
            }

            Assert.True(changed > 50, $"{changed} pixels have another red");
        }
    }

    /// <summary>random_augment_image and rotate_crop_image, bilinear, black outside; null on the border, where Darknet blends with black.</summary>
    private static double?[] Cropped(RgbImage image, DarknetCrop crop, int sample)
    {
        var draws = new Draws(7, Draws.StreamOf("transform/darknet_crop/1"), 0, sample);
        var aspect = Scales.Draw(crop.Aspect, ref draws);
        var r = crop.MinCrop + draws.Integer(crop.MaxCrop - crop.MinCrop + 1);
        var scale = r / Math.Min(image.Height, image.Width * aspect);
        var rad = draws.Uniform(-crop.Angle, crop.Angle) * 2 * Math.PI / 360;
        var (roomX, roomY) = (Math.Max(((image.Width * scale / aspect) - Size) / 2, 0), Math.Max(((image.Height * scale) - Size) / 2, 0));
        var (dx, dy) = (draws.Uniform(-roomX, roomX), draws.Uniform(-roomY, roomY));
        var result = new double?[3 * Size * Size];
        for (var c = 0; c < 3; c++)
            for (var y = 0; y < Size; y++)
                for (var x = 0; x < Size; x++)
                {
                    var (u, v) = (((x - (Size / 2.0)) / scale * aspect) + (dx / scale * aspect), ((y - (Size / 2.0)) / scale) + (dy / scale));
                    var rx = (Math.Cos(rad) * u) - (Math.Sin(rad) * v) + (image.Width / 2.0);
                    var ry = (Math.Sin(rad) * u) + (Math.Cos(rad) * v) + (image.Height / 2.0);
                    result[(((c * Size) + y) * Size) + x] = Bilinear(image, rx, ry, c);
                }

        return result;
    }

    private static double? Bilinear(RgbImage image, double x, double y, int c)
    {
        if (x < -1 || y < -1 || x > image.Width || y > image.Height) return 0;
        if (x < 0 || y < 0 || x > image.Width - 1 || y > image.Height - 1) return null;
        var (ix, iy) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (dx, dy) = (x - ix, y - iy);
        double At(int px, int py) => image.Row(Math.Min(py, image.Height - 1))[(3 * Math.Min(px, image.Width - 1)) + c];
        return ((1 - dy) * (((1 - dx) * At(ix, iy)) + (dx * At(ix + 1, iy)))) + (dy * (((1 - dx) * At(ix, iy + 1)) + (dx * At(ix + 1, iy + 1))));
    }

    /// <summary>The largest and the smallest of a pixel's colours.</summary>
    private static (double Most, double Least) Ends(double[] planes, int at)
    {
        double[] colours = [planes[at], planes[(Size * Size) + at], planes[(2 * Size * Size) + at]];
        return (colours.Max(), colours.Min());
    }

    private static double[] Seen(RgbImage image, int sample, params Transform[] transforms)
    {
        using var preprocessor = new Preprocessor(
            new() { Input = new() { Height = Size, Width = Size, CropFraction = 1, Mean = s_zero, Std = s_one }, Transforms = transforms });
        var target = new float[preprocessor.Length];
        preprocessor.Process(image, "picture", target, seed: 7, epoch: 0, sample);
        return [.. target.Select(share => share * 255.0)];
    }
}
