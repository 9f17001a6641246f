using System.Buffers.Binary;
using Fovea.Data.Decoding;

namespace Fovea.Data.Tests.Decoding;

/// <summary>Images made from the grammar of their formats, with sizes, counts and orders that are wrong and checksums that are right.</summary>
public sealed class ImageGrammarTests : IDisposable
{
    private static readonly int[] s_sizes = [0, 1, 2, 7, 8, 9, 255, 4096, 13_000, 65_535];

    private readonly ImageDecoder _decoder = new(new DecodeOptions { MaxPixels = 1 << 20, MaxDecodingBytes = 8 << 20 });
    private readonly RgbImage _image = new();

    public void Dispose() => _decoder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Images_of_any_structure_are_decoded_within_the_limits_or_refused(int seed)
    {
        var random = new Random(seed);
        string[] names = [.. Fixtures.DecodableImages];
        for (var i = 0; i < 1500; i++)
        {
            var name = names[random.Next(names.Length)];
            var data = Fixtures.Bytes(name);
            for (var changes = random.Next(1, 4); changes > 0 && data.Length > 40; changes--) data = Changed(random, data);
            foreach (var denominator in (int[])[1, 8]) Try(() => _decoder.Decode(data, "a\n.img", _image, denominator));
            Try(() => ImageHeader.Read(data, "a\n.img"));
            Assert.True((long)_image.Width * _image.Height <= 1 << 20);
            Assert.True(_image.Buffer.Length <= (8 << 20) + RgbImage.Slack);
        }
    }

    private static byte[] Changed(Random random, byte[] data) => data switch
    {
        [0xFF, 0xD8, ..] => Jpeg(random, data),
        [0x89, ..] => Png(random, data),
        [(byte)'R', ..] => Webp(random, data),
        _ => Bmp(random, data),
    };

    // Segments up to the first scan, and the scans behind them as one piece.
    private static byte[] Jpeg(Random random, byte[] data)
    {
        var segments = new List<byte[]>();
        var position = 2;
        while (position + 4 <= data.Length && data[position] == 0xFF && data[position + 1] != 0xDA)
        {
            var length = Math.Min(2 + BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(position + 2)), data.Length - position);
            segments.Add(data[position..(position + length)]);
            position += length;
        }

        segments.Add(data[position..]);
        Rearrange(random, segments);
        var frames = segments.Where(segment => segment.Length > 11 && segment[0] == 0xFF && segment[1] is >= 0xC0 and <= 0xCF and not 0xC4);
        foreach (var frame in frames.Where(_ => random.Next(2) == 0))
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(5), (ushort)Size(random));
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(7), (ushort)Size(random));
            if (random.Next(3) == 0) frame[1] = (byte)(0xC0 + random.Next(16));
            if (random.Next(3) == 0) frame[9] = (byte)random.Next(6);
            if (random.Next(3) == 0) frame[11] = (byte)random.Next(256);
        }

        return [0xFF, 0xD8, .. segments.SelectMany(segment => segment), .. random.Next(3) == 0 ? (byte[])[0xFF, 0xD9] : []];
    }

    private static byte[] Png(Random random, byte[] data)
    {
        var chunks = new List<byte[]>();
        for (var position = 8; position + 12 <= data.Length;)
        {
            var length = (int)Math.Min(12L + BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(position)), data.Length - position);
            chunks.Add(data[position..(position + length)]);
            position += length;
        }

        Rearrange(random, chunks);
        if (random.Next(3) == 0)
            chunks.Insert(random.Next(chunks.Count + 1), LimitsTests.Chunk(random.Next(2) == 0 ? "PLTE" : "eXIf", new byte[random.Next(800)]));
        foreach (var chunk in chunks.Where(chunk => chunk.Length >= 12))
        {
            if (chunk.AsSpan(4).StartsWith("IHDR"u8) && chunk.Length > 20 && random.Next(2) == 0)
            {
                BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(8), Size(random));
                BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(12), Size(random));
                if (random.Next(2) == 0) (chunk[16], chunk[17], chunk[20]) = ((byte)(1 << random.Next(6)), (byte)random.Next(7), (byte)random.Next(3));
            }
            else if (random.Next(4) == 0 && chunk.Length > 12) chunk[8 + random.Next(chunk.Length - 12)] ^= (byte)random.Next(256);

            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), LimitsTests.Crc(chunk.AsSpan(4, chunk.Length - 8)));
        }

        return [.. data[..8], .. chunks.SelectMany(chunk => chunk)];
    }

    private static byte[] Webp(Random random, byte[] data)
    {
        var chunks = new List<byte[]>();
        for (var position = 12; position + 8 <= data.Length;)
        {
            var content = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(position + 4));
            var length = (int)Math.Min(8L + content + (content & 1), data.Length - position);
            chunks.Add(data[position..(position + length)]);
            position += length;
        }

        Rearrange(random, chunks);
        foreach (var chunk in chunks.Where(chunk => chunk.Length > 18 && random.Next(2) == 0))
            BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(8 + random.Next(7)), (uint)random.NextInt64(uint.MaxValue));
        byte[] body = [.. "WEBP"u8, .. chunks.SelectMany(chunk => chunk)];
        var size = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(size, random.Next(4) == 0 ? uint.MaxValue : (uint)body.Length);
        return [.. "RIFF"u8, .. size, .. body];
    }

    private static byte[] Bmp(Random random, byte[] data)
    {
        var changed = (byte[])data.Clone();
        int[] fields = [10, 14, 18, 22, 26, 28, 30, 34, 46, 54, 58, 62];
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(Math.Min(fields[random.Next(fields.Length)], data.Length - 4)), random.Next(3) switch
        {
            0 => Size(random),
            1 => random.Next(64),
            _ => random.Next(int.MinValue, int.MaxValue),
        });
        return random.Next(4) == 0 ? changed[..random.Next(changed.Length)] : changed;
    }

    private static void Rearrange(Random random, List<byte[]> pieces)
    {
        if (pieces.Count == 0) return;
        var (at, to) = (random.Next(pieces.Count), random.Next(pieces.Count));
        switch (random.Next(6))
        {
            case 0: pieces.RemoveAt(at); break;
            case 1: pieces.Insert(to, (byte[])pieces[at].Clone()); break;
            case 2: (pieces[at], pieces[to]) = (pieces[to], pieces[at]); break;
            case 3: pieces[at] = pieces[at][..random.Next(pieces[at].Length)]; break;
            case 4: pieces.AddRange(Enumerable.Repeat(pieces[at], random.Next(200)).Select(piece => (byte[])piece.Clone())); break;
            default: break;
        }
    }

    private static int Size(Random random) => s_sizes[random.Next(s_sizes.Length)];

    private static void Try(Action work)
    {
        try
        {
            work();
        }
        catch (ImageException e)
        {
            Assert.StartsWith("\"a\\n.img\": ", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(e.Message, char.IsControl);
        }
    }
}
