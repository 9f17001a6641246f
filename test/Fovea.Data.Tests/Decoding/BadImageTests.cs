using System.Buffers.Binary;
using Fovea.Data.Decoding;

namespace Fovea.Data.Tests.Decoding;

public sealed class BadImageTests : IDisposable
{
    private readonly ImageDecoder _decoder = new();

    public void Dispose() => _decoder.Dispose();

    [Fact]
    public void Empty_file_is_named_as_empty() => Refuses([], "a.jpg", "a.jpg: the file is empty (0 bytes); wanted a JPEG, PNG, WebP or BMP image");

    [Fact]
    public void Text_named_jpeg_says_both() => Refuses("<html>"u8, "a.jpg", "a.jpg: named .jpg, but its content is text");

    [Theory]
    [InlineData("")]
    [InlineData("a\0.jpg")]
    public void Path_of_no_file_is_a_bad_image(string path)
    {
        var message = Assert.Throws<ImageException>(() => ImageFile.ReadAllBytes(path)).Message;
        Assert.Contains("this is the path of no file; wanted the path of an image file", message, StringComparison.Ordinal);
        Assert.Throws<ImageException>(() => ImageHeader.ReadFile(path));
    }

    [Fact]
    public void Pointer_of_git_lfs_is_called_so() =>
        Refuses([.. "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"u8], "a.jpg", "named .jpg, but its content is a Git LFS pointer");

    [Fact]
    public void Gif_named_jpeg_says_both() => Refuses(Fixtures.Bytes("bad-gif.jpg"), "bad-gif.jpg", "named .jpg, but its content is GIF");

    [Fact]
    public void Zeros_are_named_as_zeros() => Refuses(new byte[4096], "a.png", "named .png, but its first 8 bytes are zero");

    [Fact]
    public void Run_length_bmp_is_refused_by_name() => Refuses(Fixtures.Bytes("bad-bmp-rle.bmp"), "a.bmp", "the BMP is compressed (RLE8, 8 bits)");

    [Fact]
    public void Animated_webp_is_refused_by_name() => Refuses(Fixtures.Bytes("bad-animated.webp"), "a.webp", "the WebP is an animation; wanted a still image");

    [Fact]
    public void Misnamed_image_is_decoded_by_its_content()
    {
        var image = _decoder.Decode(Fixtures.Bytes("bmp-24.bmp"), "cat.jpg");

        Assert.Equal(Fixtures.ExpectedOf("bmp-24.bmp").Rgb, image.Pixels.ToArray());
    }

    [Fact]
    public void Missing_file_is_an_image_exception()
    {
        var path = Path.Combine(Path.GetTempPath(), "fovea-no-such-file.png");

        Assert.Contains("the file cannot be read", Assert.Throws<ImageException>(() => _decoder.DecodeFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Size_above_the_limit_is_refused_before_decoding()
    {
        using var decoder = new ImageDecoder(new DecodeOptions { MaxPixels = 390 });

        var e = Assert.Throws<ImageException>(() => decoder.Decode(Fixtures.Bytes("jpeg-444.jpg"), "big.jpg"));

        Assert.Equal("big.jpg: its header says 23×17 = 391 pixels; wanted at most 390 (max_pixels)", e.Message);
    }

    [Fact]
    public void Png_bomb_is_refused_by_its_header()
    {
        var bomb = Fixtures.Bytes("png-grey1.png");
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 100_000);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 100_000);

        Refuses(bomb, "bomb.png", "its header says 100000×100000 = 10000000000 pixels; wanted at most 178956970 (max_pixels)");
    }

    [Fact]
    public void Jpeg_cut_in_its_picture_says_that_it_is_truncated()
    {
        var data = Fixtures.Bytes("jpeg-444.jpg");

        Refuses(data.AsSpan(0, data.Length - 40), "a.jpg", $"the JPEG is truncated: its data ends after {data.Length - 40} bytes");
    }

    [Fact]
    public void Jpeg_with_damage_inside_is_decoded_with_a_warning()
    {
        using var encoder = new JpegEncoder();
        var data = encoder.Encode(Fixtures.Picture(160, 160), quality: 90);
        ((ReadOnlySpan<byte>)[0xFF, 0xE5]).CopyTo(data.AsSpan(data.Length / 2));

        var image = _decoder.Decode(data, "a.jpg");

        Assert.Equal(160, image.Width);
        Assert.StartsWith("a.jpg: the JPEG is damaged (", _decoder.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Jpeg_of_twelve_bits_is_refused_by_name()
    {
        var data = Fixtures.Bytes("jpeg-444.jpg");
        var frame = data.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        data[frame + 4] = 12;

        Refuses(data, "a.jpg", "the JPEG has 12 bits per sample; wanted 8");
    }

    [Fact]
    public void Orientation_is_left_alone_when_asked()
    {
        using var decoder = new ImageDecoder(new DecodeOptions { ApplyOrientation = false });

        var image = decoder.DecodeFile(Fixtures.PathOf("jpeg-exif-6.jpg"));

        Assert.Equal((24, 10), (image.Width, image.Height));
    }

    private void Refuses(ReadOnlySpan<byte> data, string path, string message)
    {
        var copy = data.ToArray();
        Assert.Contains(message, Assert.Throws<ImageException>(() => _decoder.Decode(copy, path)).Message, StringComparison.Ordinal);
    }
}
