using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using Fovea.Formats.MindSpore.Proto;
using Fovea.Formats.Storage;
using Fovea.Naming;
using Google.Protobuf;

namespace Fovea.Formats.MindSpore;

/// <summary>Checkpoints of MindSpore (<c>.ckpt</c>): protobuf messages, one for each tensor or piece of one.</summary>
/// <remarks>Facts: mindspore/train/serialization.py. Element types become those of <see cref="PyTorch.PyTorchFile"/>.</remarks>
internal static class MindSporeFile
{
    internal const string Format = "MindSpore";

    /// <summary>The first four bytes, little-endian, of a file that is encrypted by AES-GCM, AES-CBC and SM4-CBC (mindspore/core/utils/crypto.h).</summary>
    private static readonly uint[] s_encrypted = [0x7F3A5ED8, 0x7F3A5ED9, 0x7F3A5EDA];

    /// <summary>A message of field 1, and in it one of field 1.</summary>
    private const byte FirstField = 0x0A;

    private const int MostVarintBytes = 10;

    /// <summary>Behind everything where it was asked for, before the checksum: ten bytes, the highest first.</summary>
    private static ReadOnlySpan<byte> SumMark => "crc_num"u8;

    private const int SumBytes = 10;

    /// <summary>The most tensors, and pieces of tensors, of a file.</summary>
    private const int MostTensors = 1_000_000;

    internal static bool Recognises(InputFile file) => IsEncrypted(file) || BeginsWithATag(file.Head(2 + MostVarintBytes));

    internal static WeightSet Read(InputFile file, string? key)
    {
        if (IsEncrypted(file)) throw file.Fail("", "is an encrypted checkpoint of MindSpore; wanted one that was saved without enc_key");
        var notes = new List<string>();
        var tensors = new CheckpointTensors(file, Parse(file));
        var names = WeightNames.Clean((where, problem) => file.Fail(where, problem), tensors.Weights(key is null, notes), key ?? "", notes);
        return new(
            [.. names.Select(name => (name.Name, tensors.Read(name.Stored)))], Format, new Dictionary<string, string>(),
            [.. notes.Select(note => Printable.Line(note))]);
    }

    private static Checkpoint Parse(InputFile file)
    {
        var content = Content(file);
        try
        {
            CheckCount(file, content);
            return Checkpoint.Parser.ParseFrom(content.AsSpan());
        }
        catch (InvalidProtocolBufferException e)
        {
            throw file.Fail("", $"is no checkpoint of MindSpore, or is damaged: {e.Message}", e);
        }
    }

    /// <summary>Messages of two bytes become objects of a hundred: they are counted before any is made.</summary>
    private static void CheckCount(InputFile file, ArraySegment<byte> content)
    {
        using var stream = new CodedInputStream(content.Array, content.Offset, content.Count);
        for (var count = 0; stream.ReadTag() != 0; count++)
        {
            if (count == MostTensors) throw file.Fail("", $"has more than {MostTensors} tensors; wanted a checkpoint of MindSpore");
            stream.SkipLastField();
        }
    }

    /// <summary>The messages, without the checksum behind them, which is compared.</summary>
    private static ArraySegment<byte> Content(InputFile file)
    {
        ArraySegment<byte> all = file.Read(0, file.Length, "checkpoint");
        var tail = SumMark.Length + SumBytes;
        if (all.Count < tail || !all[^tail..].AsSpan().StartsWith(SumMark)) return all;
        var content = all[..^tail];
        var written = new BigInteger(all[^SumBytes..], isUnsigned: true, isBigEndian: true);
        var sum = Crc32.HashToUInt32(content);
        return written == sum ? content : throw file.Fail("", $"is damaged: its CRC-32 is {sum}; it was written with {written}");
    }

    private static bool IsEncrypted(InputFile file) =>
        file.Head(4) is { Length: 4 } head && s_encrypted.Contains(BinaryPrimitives.ReadUInt32LittleEndian(head));

    private static bool BeginsWithATag(ReadOnlySpan<byte> head)
    {
        if (head is not [FirstField, ..]) return false;
        var at = 1;
        while (at < head.Length && head[at] >= 0x80) at++;
        return at + 1 < head.Length && head[at + 1] == FirstField;
    }
}
