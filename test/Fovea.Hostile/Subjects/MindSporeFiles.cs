using System.IO.Hashing;
using Fovea.Formats;
using Fovea.Formats.MindSpore.Proto;
using Fovea.Formats.Weights;
using Google.Protobuf;

namespace Fovea.Hostile.Subjects;

/// <summary>Checkpoints of MindSpore.</summary>
public sealed class MindSporeFiles : Subject
{
    private static readonly (string Name, int Bytes)[] s_types =
    [
        ("Float32", 4), ("Float16", 2), ("BFloat16", 2), ("Float64", 8), ("Int64", 8), ("Int32", 4), ("Int8", 1), ("UInt8", 1), ("Bool", 1),
        ("mindspore.float32", 4), ("str", 4), ("UInt32", 4), ("Int4", 1), ("", 1),
    ];

    /// <inheritdoc/>
    public override string Name => "mindspore";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices)
    {
        var checkpoint = new Checkpoint();
        for (var i = choices.Between(1, 6); i > 0; i--) Add(checkpoint, choices);
        var bytes = checkpoint.ToByteArray().ToList();
        if (choices.OneIn(6))
        {
            var sum = Crc32.HashToUInt32([.. bytes]) + (choices.OneIn(3) ? 1u : 0u);
            bytes.AddRange([.. "crc_num"u8, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(sum).Reverse()]);
        }

        for (var i = choices.OneIn(3) ? choices.Between(1, 3) : 0; i > 0 && bytes.Count > 0; i--) Damage(bytes, choices);
        return [.. bytes];
    }

    /// <inheritdoc/>
    public override void Read(byte[] file) => WeightFile.Read(new MemoryStream(file, writable: false), "hostile.ckpt");

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is ModelFormatException;

    /// <inheritdoc/>
    public override long Bytes(byte[] file) => (4L << 20) + (96L * file.Length);

    /// <summary>A tensor in one piece or several, mostly of the size that its shape wants.</summary>
    private static void Add(Checkpoint checkpoint, Choices choices)
    {
        var (type, width) = choices.Of(choices.OneIn(3) ? s_types : s_types[..1]);
        var extents = Enumerable.Range(0, choices.OneIn(30) ? 9 : choices.Between(0, 4)).Select(_ => (long)choices.Between(choices.OneIn(9) ? 0 : 1, 5)).ToArray();
        var size = extents.Aggregate((long)width, (product, extent) => product * extent);
        var pieces = choices.OneIn(4) ? choices.Between(2, 4) : 1;
        var tag = choices.Name("conv1.weight", "bn1.gamma", "moments.conv1.weight", "global_step", $"t{checkpoint.Value.Count}.weight");
        for (var piece = 0; piece < pieces; piece++)
        {
            var length = piece == pieces - 1 ? size - (size / pieces * (pieces - 1)) : size / pieces;
            var tensor = new TensorProto { TensorType = type, TensorContent = ByteString.CopyFrom(choices.Bytes((int)Math.Clamp(Right(length), 0, 4096))) };
            tensor.Dims.AddRange(extents.Select(Right));
            var value = new Checkpoint.Types.Value { Tag = choices.OneIn(40) ? "other" : tag, Tensor = tensor };
            if (choices.OneIn(40)) value.Tensor = null;
            if (choices.OneIn(60)) value.MapTensor = ByteString.CopyFrom(choices.Bytes(4));
            checkpoint.Value.Add(value);
        }

        long Right(long number) => choices.OneIn(25) ? choices.Number() : number;
    }

    private static void Damage(List<byte> bytes, Choices choices)
    {
        var at = choices.Below(bytes.Count);
        switch (choices.Below(3))
        {
            case 0: bytes[at] = (byte)choices.Below(256); break;
            case 1: bytes.RemoveRange(at, Math.Min(bytes.Count - at, choices.Between(1, 9))); break;
            default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, choices.Between(1, 40)))); break;
        }
    }
}
