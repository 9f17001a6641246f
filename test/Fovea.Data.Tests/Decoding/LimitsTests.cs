using System.Buffers.Binary;
using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Decoding;

/// <summary>Memory and work of an image stay within limits that are checked before they are taken.</summary>
public sealed class LimitsTests : IDisposable
{
    private const int Little = 4 << 20;

    private readonly ImageDecoder _decoder = new();

    public void Dispose() => _decoder.Dispose();

    [Theory]
    [InlineData("jpeg-cmyk.jpg")]
    [InlineData("jpeg-ycck.jpg")]
    [InlineData("jpeg-444.jpg")]
    [InlineData("jpeg-grey.jpg")]
    [InlineData("jpeg-progressive.jpg")]
    public void Jpeg_too_short_for_its_size_is_refused_before_memory_is_taken(string name)
    {
        var data = Fixtures.Bytes(name);
        Size(data, 13_300, 13_300);

        Assert.StartsWith("a.jpg: the JPEG is truncated: 13300×13300 pixels do not fit", RefusedCheaply(data), StringComparison.Ordinal);
    }

    [Fact]
    public void Arithmetic_jpeg_of_many_pixels_is_refused_when_its_coefficients_take_too_much()
    {
        var data = Fixtures.Bytes("jpeg-progressive.jpg");
        Size(data, 13_300, 13_300);
        (data[Frame(data) + 11], data[Frame(data) + 1]) = (0x11, 0xCA);

        Assert.Contains("(max_decoding_bytes)", RefusedCheaply(data), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jpeg-cmyk.jpg", 4)]
    [InlineData("jpeg-444.jpg", 3)]
    [InlineData("jpeg-exif-6.jpg", 6)]
    [InlineData("png-rgba.png", 4)]
    [InlineData("png-rgb16.png", 6)]
    [InlineData("png-grey.png", 3)]
    [InlineData("webp-lossless.webp", 7)]
    [InlineData("bmp-24.bmp", 3)]
    public void Decoding_takes_what_its_format_needs_and_no_more_than_is_allowed(string name, int bytesPerPixel)
    {
        var data = Fixtures.Bytes(name);
        var header = ImageHeader.Read(data, name);
        var bytes = bytesPerPixel * header.Width * header.Height;
        using var enough = new ImageDecoder(new DecodeOptions { MaxDecodingBytes = bytes });
        using var tooLittle = new ImageDecoder(new DecodeOptions { MaxDecodingBytes = bytes - 1 });

        Assert.Equal(Fixtures.ExpectedOf(name).Rgb, enough.Decode(data, name).Pixels.ToArray());
        Assert.Equal(
            $"{name}: decoding its {header.Width}×{header.Height} pixels takes {bytes} bytes; wanted at most {bytes - 1} (max_decoding_bytes)",
            Assert.Throws<ImageException>(() => tooLittle.Decode(data, name)).Message);
    }

    [Theory]
    [InlineData("jpeg-progressive.jpg", 101)]
    [InlineData("jpeg-progressive.jpg", 60_000)]
    public void Jpeg_of_many_scans_is_refused_before_it_is_decoded(string name, int copies)
    {
        var data = Fixtures.Bytes(name);
        var last = data.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        var scan = data[last..^2];
        byte[] many = [.. data[..^2], .. Enumerable.Repeat(scan, copies).SelectMany(bytes => bytes), .. data[^2..]];

        Assert.Contains("the JPEG has more than 100 scans; wanted at most 100", RefusedCheaply(many), StringComparison.Ordinal);
        Assert.True(_decoder.Decode(data, "a.jpg").Width > 0);
    }

    [Fact]
    public void Scans_that_go_over_too_many_blocks_in_all_are_refused()
    {
        var data = Fixtures.Bytes("jpeg-progressive.jpg");
        var last = data.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] many = [.. data[..^2], .. Enumerable.Repeat(data[last..^2], 70).SelectMany(bytes => bytes), .. new byte[2 << 20], .. data[^2..]];
        Size(many, 13_000, 13_000);

        Assert.Contains("blocks in all", RefusedCheaply(many), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Png_too_short_for_its_size_is_refused_before_memory_is_taken(byte colourType)
    {
        var data = Fixtures.Bytes("png-rgb.png");
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(16), 13_000);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(20), 13_000);
        data[25] = colourType;

        Assert.StartsWith("a.jpg: the PNG is truncated: 13000×13000 pixels do not fit", RefusedCheaply(data), StringComparison.Ordinal);
    }

    [Fact]
    public void Png_that_is_packed_as_well_as_can_be_is_decoded()
    {
        var data = PngEncoder.EncodeGrey(new byte[2000 * 2000], 2000, 2000);

        Assert.True(data.Length < 2000 * 2000 / 900);
        Assert.Equal(2000, _decoder.Decode(data, "a.png").Width);
    }

    [Theory]
    [InlineData("iCCP")]
    [InlineData("zTXt")]
    [InlineData("iTXt")]
    public void Packed_chunks_beside_the_picture_are_not_unpacked(string type)
    {
        using var packed = new MemoryStream();
        packed.Write("x\0\0"u8);
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(new byte[64 << 20]);
        var data = Fixtures.Bytes("png-rgb.png");
        byte[] bomb = [.. data[..33], .. Chunk(type, packed.ToArray()), .. data[33..]];

        Assert.Equal(Fixtures.ExpectedOf("png-rgb.png").Rgb, _decoder.Decode(bomb, "a.png").Pixels.ToArray());
    }

    [Fact]
    public void Sparse_file_of_two_gigabytes_is_refused_before_it_is_read_and_its_header_is_read_alone()
    {
        using var folder = new TemporaryFolder();
        folder.Images("a", 1).Images("b", 1).Write("a/big.bmp", Fixtures.Bytes("bmp-24.bmp")).Write("a/big.jpg", Fixtures.Bytes("jpeg-444.jpg"));
        foreach (var name in (string[])["a/big.bmp", "a/big.jpg"])
            using (var file = new FileStream(folder[name], FileMode.Open)) file.SetLength(1_900_000_000);

        var bad = DatasetCheck.Run(ClassFolders.OpenAll(folder.Path).Images).Bad;
        Assert.Equal(2, bad.Count);
        Assert.All(
            bad, image => Assert.Contains("the file has 1900000000 bytes; wanted at most 268435456 (max_file_bytes)", image.Message, StringComparison.Ordinal));
        Assert.Throws<ImageException>(() => _decoder.DecodeFile(folder["a/big.jpg"]));
        Assert.Equal(23, ImageHeader.ReadFile(folder["a/big.jpg"]).Width);
    }

    [Fact]
    public void Limit_of_the_file_is_the_callers()
    {
        var path = Fixtures.PathOf("jpeg-444.jpg");
        var length = (int)new FileInfo(path).Length;

        Assert.Equal(length, ImageFile.ReadAllBytes(path, new() { MaxFileBytes = length }).Length);
        Assert.Throws<ImageException>(() => ImageFile.ReadAllBytes(path, new() { MaxFileBytes = length - 1 }));
    }

    [Fact]
    public void Buffers_shrink_again_after_a_large_image()
    {
        var large = PngEncoder.EncodeGrey(new byte[6000 * 6000], 6000, 6000);
        var image = new RgbImage();
        _decoder.Decode(large, "large.png", image);
        Assert.True(image.Buffer.Length > 100 << 20);
        _decoder.Decode(Fixtures.Bytes("png-rgb.png"), "small.png", image);
        Assert.True(image.Buffer.Length < 1 << 20);
        Assert.True(ReusedMemory.Fit(new byte[100 << 20], 100).Length < 1 << 20);
        Assert.Empty(ReusedMemory.Kept(new byte[100 << 20]));
        Assert.Equal(1 << 20, ReusedMemory.Fit(new byte[1 << 20], 100).Length);
    }

    [Theory]
    [InlineData(1, 20_000_000)]
    [InlineData(20_000_000, 1)]
    [InlineData(2, 20_000_000)]
    public void Picture_too_long_to_be_resized_is_an_image_exception(int width, int height)
    {
        var image = new RgbImage(width, height);
        image.Pixels.Clear();
        var cropped = ImagePipeline.Evaluate(224);
        foreach (var steps in (ImagePipeline[])[cropped, ImagePipeline.Evaluate(new Fovea.Images.Preprocessing { Height = 300, Width = 300, Fit = Fovea.Images.Fit.Stretch })])
        {
            using var preprocessor = new Preprocessor(steps);
            try
            {
                preprocessor.Process(image, "long.png", new float[preprocessor.Length]);
            }
            catch (ImageException e)
            {
                Assert.StartsWith("long.png: ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Pixels_too_long_for_the_shorter_side_are_named()
    {
        using var preprocessor = new Preprocessor(ImagePipeline.Evaluate(224));

        var e = Assert.Throws<ImageException>(() => preprocessor.Process(new RgbImage(1, 20_000_000), "long.png", new float[preprocessor.Length]));

        Assert.StartsWith("long.png: its 1×20000000 pixels are too long to be resized to 256", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(46_341, 46_341)]
    [InlineData(1 << 30, 1 << 30)]
    public void Image_whose_size_does_not_fit_memory_is_refused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RgbImage(width, height));

    internal static byte[] Chunk(string type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        System.Text.Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), Crc(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    // ISO/IEC 15948, annex D.
    internal static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }

    private static void Size(byte[] jpeg, int width, int height)
    {
        var frame = Frame(jpeg);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), (ushort)width);
    }

    private static int Frame(byte[] jpeg)
    {
        for (var position = 2; ; position += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(position + 2)))
            if (jpeg[position + 1] is 0xC0 or 0xC1 or 0xC2) return position;
    }

    private string RefusedCheaply(byte[] data)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<ImageException>(() => _decoder.Decode(data, "a.jpg")).Message;
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Little);
        return message;
    }
}
