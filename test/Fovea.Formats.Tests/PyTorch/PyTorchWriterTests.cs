using Fovea.Formats.PyTorch;
using Fovea.Formats.Weights;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.PyTorch;

public sealed class PyTorchWriterTests
{
    /// <summary>check_written.py beside the fixture shows that PyTorch loads it; another layout must be shown to load again.</summary>
    [Fact]
    public void Writer_gives_the_very_file_that_PyTorch_was_shown_to_load() =>
        Assert.Equal(Fixtures.Bytes("pytorch", "written_by_fovea.pth"), Written(batchesTracked: 5_000_000_000));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var weights = WeightFile.Read(new MemoryStream(Written(batchesTracked: 0)), "w.pth");
        Assert.Equal(Tensors().Select(entry => (entry.Name, entry.Tensor.Type)), weights.Tensors.Select(entry => (entry.Name, entry.Tensor.Type)));
        Assert.All(Tensors().Zip(weights.Tensors), pair => Assert.Equal(pair.First.Tensor.Bytes.ToArray(), pair.Second.Tensor.Bytes.ToArray()));
        Assert.Equal(["left out 1 num_batches_tracked counters"], weights.Notes);
    }

    [Fact]
    public void Counters_are_left_out_when_they_are_not_wanted() =>
        Assert.Empty(WeightFile.Read(new MemoryStream(Written(batchesTracked: null)), "w.pth").Notes);

    [Fact]
    public void Names_that_clash_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PyTorchFile.Write(new MemoryStream(), [("a", Fixtures.Ramp(1)), ("a", Fixtures.Ramp(1))]));
        Assert.Throws<ArgumentException>(
            () => PyTorchFile.Write(new MemoryStream(), [("running_var", Fixtures.Ramp(1)), ("num_batches_tracked", Fixtures.Ramp(1))]));
    }

    internal static (string Name, HostTensor Tensor)[] Tensors() =>
    [
        ("conv1.weight", Fixtures.Ramp(2, 1, 3, 3)),
        ("bn1.running_mean", Fixtures.Ramp(2)),
        ("bn1.running_var", Fixtures.Ramp(2)),
        ("scale", Fixtures.Ramp()),
        ("empty", Fixtures.Ramp(0, 3)),
        ("half", new HostTensor(new(DType.BFloat16, new Shape(2)), [0x80, 0x3F, 0x00, 0xC0])),
        ("ints", new HostTensor(new(DType.Int32, new Shape(1)), [0xFE, 0xFF, 0xFF, 0xFF])),
        ("signed", new HostTensor(new(DType.Int8, new Shape(1, 2)), [0x80, 3])),
        ("größe", new HostTensor(new(DType.UInt8, new Shape(3)), [1, 2, 255])),
    ];

    private static byte[] Written(long? batchesTracked)
    {
        var stream = new MemoryStream();
        PyTorchFile.Write(stream, Tensors(), batchesTracked);
        return stream.ToArray();
    }
}
