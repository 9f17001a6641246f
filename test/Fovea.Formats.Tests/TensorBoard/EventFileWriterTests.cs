using System.Text;
using Fovea.Formats.TensorBoard;

namespace Fovea.Formats.Tests.TensorBoard;

public sealed class EventFileWriterTests
{
    private static readonly DateTimeOffset s_start = new(2024, 5, 6, 7, 8, 9, 250, TimeSpan.Zero);

    [Fact]
    public void First_event_is_the_version_of_the_file()
    {
        using var folder = new TemporaryFolder();
        new EventFileWriter(folder.Path("run"), new Clock(s_start)).Dispose();
        var version = Events(Directory.GetFiles(folder.Path("run")).Single()).Single();
        Assert.Equal("brain.Event:2", version.Text(3));
        Assert.Equal(s_start.ToUnixTimeMilliseconds() / 1000.0, version.Double(1));
    }

    [Fact]
    public void Name_holds_the_seconds_and_the_host()
    {
        using var folder = new TemporaryFolder();
        using var writer = new EventFileWriter(folder.Root, new Clock(s_start));
        Assert.StartsWith($"events.out.tfevents.{s_start.ToUnixTimeSeconds()}.", Path.GetFileName(writer.Path), StringComparison.Ordinal);
        Assert.Equal(folder.Names.Single(), Path.GetFileName(writer.Path));
    }

    [Fact]
    public void Two_starts_within_a_second_make_two_files()
    {
        using var folder = new TemporaryFolder();
        using var first = new EventFileWriter(folder.Root, new Clock(s_start));
        using var second = new EventFileWriter(folder.Root, new Clock(s_start));
        Assert.NotEqual(first.Path, second.Path);
        Assert.All(folder.Names, name => Assert.Contains("tfevents", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Scalars_come_back_with_tag_step_time_and_value()
    {
        using var folder = new TemporaryFolder();
        var clock = new Clock(s_start);
        using var writer = new EventFileWriter(folder.Root, clock);
        writer.Scalar("train/loss", 300, 0.125f);
        clock.Now += TimeSpan.FromSeconds(1.5);
        writer.Scalar("größe", 5_000_000_000, float.NaN);
        writer.Flush();

        var events = Events(writer.Path);
        Assert.Equal(3, events.Count);
        var value = events[1].Message(5).Message(1);
        Assert.Equal((300L, "train/loss", 0.125f), (events[1].Int64(2), value.Text(1), value.Float(2)));
        var last = events[2].Message(5).Message(1);
        Assert.Equal((5_000_000_000L, "größe", float.NaN), (events[2].Int64(2), last.Text(1), last.Float(2)));
        Assert.Equal(1.5, events[2].Double(1) - events[1].Double(1), precision: 6);
    }

    [Fact]
    public void Text_is_a_string_tensor_of_the_text_plugin()
    {
        using var folder = new TemporaryFolder();
        using var writer = new EventFileWriter(folder.Root, new Clock(s_start));
        writer.Text("recipe", 0, new string('x', 300));
        writer.Flush();
        var value = Events(writer.Path)[1].Message(5).Message(1);
        Assert.Equal("recipe", value.Text(1));
        Assert.Equal("text", value.Message(9).Message(1).Text(1));
        Assert.Equal(7, value.Message(8).Int64(1));
        Assert.Equal(1, value.Message(8).Message(2).Message(2).Int64(1));
        Assert.Equal(new string('x', 300), value.Message(8).Text(8));
    }

    [Fact]
    public void Resumed_run_tells_where_it_goes_on()
    {
        using var folder = new TemporaryFolder();
        using var writer = new EventFileWriter(folder.Root, new Clock(s_start), resumedAt: 77);
        var start = Events(writer.Path)[1];
        Assert.Equal((77L, 1L), (start.Int64(2), start.Message(7).Int64(1)));
    }

    private static List<Fields> Events(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new BinaryReader(stream);
        var events = new List<Fields>();
        while (stream.Position < stream.Length)
        {
            var length = reader.ReadBytes(8);
            Assert.Equal(Masked(length), reader.ReadUInt32());
            var data = reader.ReadBytes((int)BitConverter.ToInt64(length));
            Assert.Equal(Masked(data), reader.ReadUInt32());
            events.Add(new Fields(data));
        }

        return events;
    }

    /// <summary>CRC-32C bit by bit, and the mask of TFRecord.</summary>
    private static uint Masked(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }

    /// <summary>A message of protocol buffers, taken apart: the bytes of each field, of which none may stand twice.</summary>
    private sealed class Fields
    {
        private readonly Dictionary<int, byte[]> _fields = [];

        internal Fields(byte[] bytes)
        {
            var stream = new MemoryStream(bytes);
            using var reader = new BinaryReader(stream);
            while (stream.Position < stream.Length)
            {
                var tag = reader.Read7BitEncodedInt();
                _fields.Add(tag >> 3, (tag & 7) switch
                {
                    0 => BitConverter.GetBytes(reader.Read7BitEncodedInt64()),
                    1 => reader.ReadBytes(8),
                    2 => reader.ReadBytes(reader.Read7BitEncodedInt()),
                    5 => reader.ReadBytes(4),
                    var wire => throw new InvalidDataException($"wire type {wire}"),
                });
            }
        }

        internal long Int64(int field) => BitConverter.ToInt64(_fields[field]);

        internal float Float(int field) => BitConverter.ToSingle(_fields[field]);

        internal double Double(int field) => BitConverter.ToDouble(_fields[field]);

        internal string Text(int field) => Encoding.UTF8.GetString(_fields[field]);

        internal Fields Message(int field) => new(_fields[field]);
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        internal DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
