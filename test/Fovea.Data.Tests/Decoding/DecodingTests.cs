using Fovea.Data.Decoding;

namespace Fovea.Data.Tests.Decoding;

public sealed class DecodingTests : IDisposable
{
    private readonly ImageDecoder _decoder = new();

    public void Dispose() => _decoder.Dispose();

    public static TheoryData<string> Images => [.. Fixtures.DecodableImages];

    [Theory]
    [MemberData(nameof(Images))]
    public void Image_becomes_the_pixels_that_pillow_gives(string name)
    {
        var expected = Fixtures.ExpectedOf(name);

        var image = _decoder.DecodeFile(Fixtures.PathOf(name));

        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        var tolerance = name is "png-rgba16.png" or "png-grey-alpha16.png" ? 1 : 0;
        Assert.InRange(LargestDifference(expected.Rgb, image.Pixels), 0, tolerance);
        Assert.Null(_decoder.Warning);
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Header_gives_the_size_without_decoding(string name)
    {
        var expected = Fixtures.ExpectedOf(name);

        Assert.Equal((expected.Width, expected.Height), ImageHeader.ReadFile(Fixtures.PathOf(name)).Upright);
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Truncated_image_throws_an_image_exception_and_nothing_else_at_every_length(string name)
    {
        var data = Fixtures.Bytes(name);
        var image = new RgbImage();
        for (var length = 0; length < data.Length; length++)
        {
            try
            {
                _decoder.Decode(data.AsSpan(0, length), name, image);
            }
            catch (ImageException e)
            {
                Assert.Contains(name, e.Message, StringComparison.Ordinal);
                continue;
            }

            // What pads the last row of a BMP is all that may be missing.
            Assert.EndsWith(".bmp", name, StringComparison.Ordinal);
            Assert.Equal(Fixtures.ExpectedOf(name).Rgb, image.Pixels.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Damaged_image_decodes_or_throws_an_image_exception(string name)
    {
        var random = new Fovea.Tensors.Philox(3, 0);
        var original = Fixtures.Bytes(name);
        var image = new RgbImage();
        using var decoder = new ImageDecoder(new DecodeOptions { MaxPixels = 1 << 20 });
        for (var trial = 0; trial < 200; trial++)
        {
            var data = original.ToArray();
            for (var i = 0; i < 1 + (trial % 4); i++)
                data[random.Integer((ulong)((trial * 16) + (2 * i)), data.Length)] = (byte)random.Bits((ulong)((trial * 16) + (2 * i) + 1));
            if (Record.Exception(() => decoder.Decode(data, name, image)) is { } e) Assert.IsType<ImageException>(e);
        }
    }

    [Fact]
    public void Random_bytes_behind_each_signature_throw_an_image_exception()
    {
        var random = new Fovea.Tensors.Philox(4, 0);
        var image = new RgbImage();
        byte[][] signatures = [[], [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [.. "RIFF\x40\0\0\0WEBPVP8 "u8], [.. "BM"u8]];
        for (var trial = 0; trial < 2000; trial++)
        {
            var signature = signatures[trial % signatures.Length];
            var data = new byte[signature.Length + (trial % 97)];
            signature.CopyTo(data, 0);
            for (var i = signature.Length; i < data.Length; i++) data[i] = (byte)random.Bits((ulong)((trial * 128) + i));
            if (Record.Exception(() => _decoder.Decode(data, "random", image)) is { } e) Assert.IsType<ImageException>(e);
        }
    }

    [Fact]
    public void Buffer_is_reused_for_smaller_images()
    {
        var image = new RgbImage(200, 200);
        var buffer = image.Buffer;

        _decoder.Decode(Fixtures.Bytes("jpeg-444.jpg"), "a", image);

        Assert.Same(buffer, image.Buffer);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Scaled_jpeg_has_sides_rounded_up_and_nearly_the_same_mean(int denominator)
    {
        using var encoder = new JpegEncoder();
        var full = Fixtures.Picture(101, 67);
        var image = new RgbImage();

        _decoder.Decode(encoder.Encode(full, quality: 95), "scaled", image, denominator);

        Assert.Equal(((101 + denominator - 1) / denominator, (67 + denominator - 1) / denominator), (image.Width, image.Height));
        Assert.InRange(Mean(image.Pixels) - Mean(full.Pixels), -2, 2);
    }

    internal static int LargestDifference(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 0;
        for (var i = 0; i < expected.Length; i++) largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
        return largest;
    }

    private static double Mean(ReadOnlySpan<byte> samples)
    {
        var sum = 0L;
        foreach (var sample in samples) sum += sample;
        return (double)sum / samples.Length;
    }
}
