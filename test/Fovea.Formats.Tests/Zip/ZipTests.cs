using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Fovea.Formats.Storage;
using Fovea.Formats.Weights;
using Fovea.Formats.Zip;

namespace Fovea.Formats.Tests.Zip;

public sealed class ZipTests
{
    private const int EndBytes = 22;
    private const int CentralSize = 24;
    private const int CentralOffset = 42;

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(100)]
    [InlineData(0)]
    public void What_is_written_is_read_again_also_with_wide_offsets(long zip64From)
    {
        using var file = new InputFile(new MemoryStream(Write(zip64From, ("a/one", [1, 2, 3]), ("a/ü", new byte[1000]), ("a/none", []))), "z");
        using var zip = ZipRecords.Open(file);
        Assert.Equal(["a/one", "a/ü", "a/none"], zip.Names);
        Assert.Equal([1, 2, 3], zip.Read("a/one"));
        Assert.Equal(new byte[1000], zip.Read("a/ü"));
        Assert.Empty(zip.Read("a/none"));
        Assert.False(zip.Has("a/two"));
    }

    [Fact]
    public void Every_record_begins_at_a_multiple_of_64_bytes()
    {
        var records = Enumerable.Range(1, 5).Select(i => (Name: new string('n', 7 * i), Bytes: Encoding.ASCII.GetBytes($"content {i}"))).ToArray();
        var bytes = Write(uint.MaxValue, records);
        Assert.All(records, record => Assert.Equal(0, bytes.AsSpan().IndexOf(record.Bytes) % 64));
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
        using var zip = ZipRecords.Open(file);
        Assert.Equal(70_000, zip.Names.Count);
    }

    [Fact]
    public void Compressed_record_is_refused_however_small_it_claims_to_be()
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("a/data.pkl", CompressionLevel.SmallestSize).Open();
            entry.Write(new byte[10_000_000]);
        }

        var bytes = stream.ToArray();
        Assert.Contains("record 'a/data.pkl': is compressed (", Refused(bytes), StringComparison.Ordinal);
        var central = bytes.AsSpan().LastIndexOf("PK\x01\x02"u8);
        bytes.AsSpan(central + 20, 4).CopyTo(bytes.AsSpan(central + CentralSize));   // as large as it is packed
        Assert.Contains("record 'a/data.pkl': is corrupted: its CRC-32", Refused(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Record_that_stands_twice_is_refused() =>
        Assert.Contains("record 'a': stands twice", Refused(Write(uint.MaxValue, ("a", [1]), ("a", [2]))), StringComparison.Ordinal);

    [Fact]
    public void Records_that_share_their_bytes_are_refused()
    {
        var records = Enumerable.Range(0, 50).Select(i => ($"a/{i:d2}", i == 0 ? new byte[20_000] : [])).ToArray();
        var bytes = Write(uint.MaxValue, records);
        for (var at = bytes.AsSpan().IndexOf("PK\x01\x02"u8); at >= 0; at = Next(bytes, at))
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + CentralSize), 20_000);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + CentralSize - 4), 20_000);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + CentralOffset), 0);
        }

        Assert.Contains("record 'a/01': overlaps others: with it the records take 40000 of the file's", Refused(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CentralSize - 4, uint.MaxValue - 1, "overlaps others")]
    [InlineData(CentralOffset, uint.MaxValue - 1, "cannot be read")]
    [InlineData(CentralOffset, 1u, "cannot be read")]
    [InlineData(8, 0x0801u, "is encrypted")]
    public void Record_that_lies_about_itself_is_refused(int field, uint value, string wanted)
    {
        var bytes = Write(uint.MaxValue, ("a/data.pkl", [(byte)'N', (byte)'.']));
        var at = bytes.AsSpan().IndexOf("PK\x01\x02"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + field), value);
        if (field == CentralSize - 4) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + CentralSize), value);
        Assert.Contains(wanted, Refused(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-EndBytes + 10, 65_000)]
    [InlineData(-EndBytes + 16, 1_000_000)]
    [InlineData(-EndBytes - 20 + 8, 1_000_000)]
    [InlineData(-EndBytes - 20 + 8, -5)]
    [InlineData(-EndBytes - 20 - 56 + 32, long.MaxValue)]
    [InlineData(-EndBytes - 20 - 56 + 48, -1)]
    [InlineData(-EndBytes - 20 - 56 + 48, long.MaxValue)]
    public void Directory_that_lies_about_its_place_or_count_is_refused(int fromEnd, long value)
    {
        var wide = fromEnd < -EndBytes;
        var bytes = Write(wide ? 0 : uint.MaxValue, ("a/data.pkl", [(byte)'N', (byte)'.']));
        var field = bytes.AsSpan(bytes.Length + fromEnd);
        if (wide) BinaryPrimitives.WriteInt64LittleEndian(field, value);
        else if (fromEnd == -EndBytes + 10) BinaryPrimitives.WriteUInt16LittleEndian(field, (ushort)value);
        else BinaryPrimitives.WriteInt32LittleEndian(field, (int)value);
        Assert.Contains("zip", Refused(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void End_record_is_found_behind_a_comment()
    {
        var bytes = Write(uint.MaxValue, ("a", [1]));
        var comment = Encoding.ASCII.GetBytes("this is a comment");
        bytes[^2] = (byte)comment.Length;
        using var file = new InputFile(new MemoryStream([.. bytes, .. comment]), "z");
        using var zip = ZipRecords.Open(file);
        Assert.Single(zip.Names);
    }

    [Fact]
    public void Zip_file_of_something_else_is_refused_and_says_what_is_in_it()
    {
        var message = Refused(Write(uint.MaxValue, ("weights/model.pth", [1]), ("read\u001bme", [1])));
        Assert.Contains(
            "is a zip file without a record '*/data.pkl', as torch.save writes it: it has 2 records, 'weights/model.pth', 'read\\u001bme'", message,
            StringComparison.Ordinal);
        Assert.Contains("it has no records", Refused(Write(uint.MaxValue)), StringComparison.Ordinal);
    }

    internal static byte[] Write(long zip64From, params ReadOnlySpan<(string Name, byte[] Bytes)> records)
    {
        var stream = new MemoryStream();
        var writer = new ZipWriter(stream, zip64From);
        foreach (var (name, bytes) in records) writer.Add(name, bytes);
        writer.Finish();
        return stream.ToArray();
    }

    private static int Next(byte[] bytes, int at) => bytes.AsSpan(at + 4).IndexOf("PK\x01\x02"u8) is >= 0 and var next ? at + 4 + next : -1;

    private static string Refused(byte[] bytes) => Assert.Throws<ModelFormatException>(() => WeightFile.Read(new MemoryStream(bytes), "z.pth")).Message;
}
