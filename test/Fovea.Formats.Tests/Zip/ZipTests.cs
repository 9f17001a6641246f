using System.IO.Compression;
using System.Text;
using Fovea.Formats.Storage;
using Fovea.Formats.Zip;

namespace Fovea.Formats.Tests.Zip;

public sealed class ZipTests
{
    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(100)]
    [InlineData(0)]
    public void What_is_written_is_read_again_also_with_wide_offsets(long zip64From)
    {
        var bytes = Write(zip64From, ("a/one", [1, 2, 3]), ("a/ü", new byte[1000]), ("a/none", []));
        using var file = new InputFile(new MemoryStream(bytes), "z");
        var zip = ZipDirectory.Read(file);
        Assert.Equal(["a/one", "a/ü", "a/none"], zip.Records.Select(record => record.Name));
        Assert.Equal([1, 2, 3], zip.Read(zip.Find("a/one")!));
        Assert.Equal(new byte[1000], zip.Read(zip.Find("a/ü")!));
        Assert.Empty(zip.Read(zip.Find("a/none")!));
        Assert.Null(zip.Find("a/two"));
        Assert.All(zip.Records, record => Assert.Equal(0, zip.Locate(record) % 64));
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(0)]
    public void Other_software_reads_what_is_written(long zip64From)
    {
        using var archive = new ZipArchive(new MemoryStream(Write(zip64From, ("a/one", [1, 2, 3]), ("a/ü", [9]))));
        Assert.Equal(["a/one", "a/ü"], archive.Entries.Select(entry => entry.FullName));
        using var content = archive.Entries[0].Open();
        Assert.Equal([1, 2, 3], [content.ReadByte(), content.ReadByte(), content.ReadByte()]);
        Assert.Equal(-1, content.ReadByte());
    }

    [Fact]
    public void Many_records_take_a_wide_count()
    {
        var stream = new MemoryStream();
        var writer = new ZipWriter(stream);
        for (var i = 0; i < 70_000; i++) writer.Add($"{i}", []);
        writer.Finish();
        using var file = new InputFile(stream, "z");
        Assert.Equal(70_000, ZipDirectory.Read(file).Records.Count);
    }

    [Fact]
    public void Compressed_record_is_refused()
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("a/data.pkl", CompressionLevel.SmallestSize).Open();
            entry.Write(new byte[1000]);
        }

        var failure = Assert.Throws<ModelFormatException>(() => WeightFile.Read(stream, "z"));
        Assert.Contains("record 'a/data.pkl': is compressed (method 8, ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Record_that_stands_twice_is_refused()
    {
        using var file = new InputFile(new MemoryStream(Write(uint.MaxValue, ("a", [1]), ("a", [2]))), "z");
        Assert.Contains("record 'a': stands twice", Assert.Throws<ModelFormatException>(() => ZipDirectory.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void End_record_is_found_behind_a_comment()
    {
        var bytes = Write(uint.MaxValue, ("a", [1]));
        var comment = Encoding.ASCII.GetBytes("PK\x05\x06 is how an end record begins");
        bytes[^2] = (byte)comment.Length;
        using var file = new InputFile(new MemoryStream([.. bytes, .. comment]), "z");
        Assert.Single(ZipDirectory.Read(file).Records);
    }

    [Fact]
    public void Zip_file_without_a_pickle_is_refused() =>
        Assert.Contains(
            "is a zip file without a record '*/data.pkl'",
            Assert.Throws<ModelFormatException>(() => WeightFile.Read(new MemoryStream(Write(uint.MaxValue, ("a", [1]))), "z")).Message,
            StringComparison.Ordinal);

    internal static byte[] Write(long zip64From, params ReadOnlySpan<(string Name, byte[] Bytes)> records)
    {
        var stream = new MemoryStream();
        var writer = new ZipWriter(stream, zip64From);
        foreach (var (name, bytes) in records) writer.Add(name, bytes);
        writer.Finish();
        return stream.ToArray();
    }
}
