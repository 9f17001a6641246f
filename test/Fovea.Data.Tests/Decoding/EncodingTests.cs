using Fovea.Data.Decoding;

namespace Fovea.Data.Tests.Decoding;

public sealed class EncodingTests : IDisposable
{
    private readonly ImageDecoder _decoder = new();

    public void Dispose() => _decoder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(640, 481)]
    public void Png_gives_the_pixels_back(int width, int height)
    {
        var image = Fixtures.Picture(width, height);

        Assert.Equal(image.Pixels, _decoder.Decode(PngEncoder.Encode(image), "png").Pixels);
    }

    [Fact]
    public void Png_of_noise_fits_its_buffer()
    {
        var noise = new byte[3 * 300 * 200];
        var random = new Fovea.Tensors.Philox(5, 0);
        for (var i = 0; i < noise.Length; i++) noise[i] = (byte)random.Bits((ulong)i);

        Assert.Equal(noise, _decoder.Decode(PngEncoder.EncodeRgb(noise, 300, 200), "png").Pixels);
    }

    [Fact]
    public void Grey_png_gives_grey_back()
    {
        var image = _decoder.Decode(PngEncoder.EncodeGrey([0, 10, 200, 255, 7, 8], 3, 2), "png");

        Assert.Equal([0, 0, 0, 10, 10, 10, 200, 200, 200, 255, 255, 255, 7, 7, 7, 8, 8, 8], image.Pixels.ToArray());
    }

    [Fact]
    public void Palette_png_gives_the_colours_back()
    {
        var image = _decoder.Decode(PngEncoder.EncodePalette([0, 2, 1, 2], 2, 2, [1, 2, 3, 4, 5, 6, 250, 251, 252]), "png");

        Assert.Equal([1, 2, 3, 250, 251, 252, 4, 5, 6, 250, 251, 252], image.Pixels.ToArray());
    }

    [Fact]
    public void Palette_index_outside_the_palette_is_refused() =>
        Assert.Throws<ArgumentException>(() => PngEncoder.EncodePalette([0, 3], 2, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9]));

    [Theory]
    [InlineData(ChromaSubsampling.None, 4)]
    [InlineData(ChromaSubsampling.Horizontal, 60)]
    [InlineData(ChromaSubsampling.Both, 60)]
    public void Jpeg_stays_near_the_pixels(ChromaSubsampling subsampling, int tolerance)
    {
        using var encoder = new JpegEncoder();
        var image = Fixtures.Picture(64, 48);

        var decoded = _decoder.Decode(encoder.Encode(image, quality: 100, subsampling), "jpeg");

        Assert.InRange(DecodingTests.LargestDifference(image.Pixels, decoded.Pixels), 1, tolerance);
    }

    [Fact]
    public void Grey_jpeg_has_one_channel()
    {
        using var encoder = new JpegEncoder();

        var data = encoder.Encode(Fixtures.Picture(64, 48), quality: 80, ChromaSubsampling.Grey);

        Assert.Equal(1, ImageHeader.Read(data, "jpeg").Channels);
    }

    [Fact]
    public void Jpeg_bytes_are_the_same_for_the_same_pixels_and_smaller_for_less_quality()
    {
        using var encoder = new JpegEncoder();
        var image = Fixtures.Picture(64, 48);

        var first = encoder.Encode(image, quality: 80);

        Assert.Equal(first, encoder.Encode(image, quality: 80));
        Assert.True(encoder.Encode(image, quality: 30).Length < first.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Jpeg_quality_out_of_range_is_refused(int quality)
    {
        using var encoder = new JpegEncoder();

        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Encode(new RgbImage(4, 4), quality));
    }
}
