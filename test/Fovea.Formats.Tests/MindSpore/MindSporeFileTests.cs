using System.Text;
using Fovea.Formats.Weights;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.MindSpore;

public sealed class MindSporeFileTests
{
    [Fact]
    public void Tensors_of_a_checkpoint_are_read_in_their_order()
    {
        var weights = Read([
            .. Checkpoints.Floats("bn1.moving_mean", [2], 1, 2), .. Checkpoints.Floats("conv1.weight", [2, 1, 1, 2], 1, -2, 3, -4),
            .. Checkpoints.Tensor("half", [2], "Float16", [0x00, 0x3C, 0x00, 0xC0]), .. Checkpoints.Tensor("b.bits", [1], "BFloat16", [0x80, 0x3F]),
            .. Checkpoints.Tensor("n.long", [1], "Int64", [7, 0, 0, 0, 0, 0, 0, 0]), .. Checkpoints.Tensor("n.true", [2], "Bool", [1, 0]),
            .. Checkpoints.Tensor("other.tools", [1], "mindspore.float32", [0, 0, 128, 63]),
        ]);
        Assert.Equal("MindSpore", weights.Format);
        Assert.Equal(["bn1.moving_mean", "conv1.weight", "half", "b.bits", "n.long", "n.true", "other.tools"], weights.Tensors.Select(entry => entry.Name));
        var tensors = weights.Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor);
        Assert.Equal((new Shape(2, 1, 1, 2), 3f), (tensors["conv1.weight"].Shape, tensors["conv1.weight"].Floats[2]));
        Assert.Equal([1f, -2f], tensors["half"].Floats.ToArray());
        Assert.Equal((DType.BFloat16, DType.Int32, DType.UInt8), (tensors["b.bits"].Type.DType, tensors["n.long"].Type.DType, tensors["n.true"].Type.DType));
        Assert.Equal(1f, tensors["other.tools"].Floats[0]);
    }

    [Fact]
    public void Messages_beyond_all_checkpoints_are_counted_before_they_are_made()
    {
        var file = new byte[2_000_004];
        for (var i = 0; i < file.Length; i += 2) file[i] = 0x0A;
        (file[1], file[2], file[3]) = (2, 0x0A, 0);
        Assert.Contains("has more than 1000000 tensors", Assert.Throws<ModelFormatException>(() => Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pieces_of_a_large_tensor_are_joined()
    {
        var weights = Read([.. Checkpoints.Floats("a.w", [2, 2], 1, 2), .. Checkpoints.Floats("a.w", [2, 2], 3), .. Checkpoints.Floats("a.w", [2, 2], 4)]);
        Assert.Equal([1f, 2f, 3f, 4f], Assert.Single(weights.Tensors).Tensor.Floats.ToArray());
    }

    [Fact]
    public void What_training_keeps_beside_the_weights_is_left_out_and_can_be_asked_for()
    {
        byte[] file =
        [
            .. Checkpoints.Floats("fc.weight", [1, 2], 1, 2), .. Checkpoints.Floats("moments.fc.weight", [1, 2], 3, 4), .. Checkpoints.Floats("lr", [0], 0.5f),
            .. Checkpoints.Tensor("global_step", [1], "Int32", [9, 0, 0, 0]), .. Checkpoints.Tensor("name", [0], "str", Encoding.UTF32.GetBytes("net")),
        ];
        var weights = Read(file);
        Assert.Equal(["fc.weight"], weights.Tensors.Select(entry => entry.Name));
        Assert.Equal(
            ["left out 1 text", "left out 1 tensor 'moments.…' beside the weights; --key moments takes this part", "left out 'lr', 'global_step', numbers of training"],
            weights.Notes);
        Assert.Equal([3f, 4f], Assert.Single(WeightFile.Read(new MemoryStream(file), "w.ckpt", "moments").Tensors).Tensor.Floats.ToArray());
    }

    [Fact]
    public void Checksum_behind_the_tensors_is_compared()
    {
        var sound = Checkpoints.WithSum(Checkpoints.Floats("fc.weight", [1, 2], 1, 2));
        Assert.Single(Read(sound).Tensors);
        sound[^20] ^= 1;
        Assert.Contains("is damaged: its CRC-32 is", Refused(sound), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_plain_checkpoint_is_told()
    {
        Assert.Contains("is an encrypted checkpoint of MindSpore", Refused([0xD8, 0x5E, 0x3A, 0x7F, .. new byte[60]]), StringComparison.Ordinal);
        Assert.Contains("is a table of a hash map", Refused(Checkpoints.Field(0x0A, [.. Checkpoints.Field(0x0A, [.. "t"u8]), 0x1A, 0])), StringComparison.Ordinal);
        Assert.Contains("lacks its name, its type or its content", Refused(Checkpoints.Field(0x0A, Checkpoints.Field(0x0A, [.. "t"u8]))), StringComparison.Ordinal);
        Assert.Contains(
            "'a.w': has 8 bytes; its shape [3] of Float32 wants 12", Refused(Checkpoints.Floats("a.w", [3], 1, 2)), StringComparison.Ordinal);
        Assert.Contains("has elements of UInt32, which cannot be read", Refused(Checkpoints.Tensor("a.w", [1], "UInt32", new byte[4])), StringComparison.Ordinal);
        Assert.Contains(
            "stands in two places",
            Refused([.. Checkpoints.Floats("a.w", [1], 1), .. Checkpoints.Floats("b.w", [1], 1), .. Checkpoints.Floats("a.w", [1], 1)]), StringComparison.Ordinal);
        var whole = Checkpoints.Floats("fc.weight", [1, 2], 1, 2);
        Assert.Contains("is no checkpoint of MindSpore, or is damaged", Refused(whole[..^3]), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_shape_asks_for_no_memory_before_it_is_compared()
    {
        var file = Checkpoints.Floats("a.w", [1 << 20, 1 << 8], 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("has 4 bytes; its shape", Refused(file), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static WeightSet Read(byte[] file) => WeightFile.Read(new MemoryStream(file), "w.ckpt");

    private static string Refused(byte[] file) => Assert.Throws<ModelFormatException>(() => Read(file)).Message;
}
