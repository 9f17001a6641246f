using Fovea.Formats.PyTorch;
using Fovea.Formats.Weights;

namespace Fovea.Formats.Tests.PyTorch;

public sealed class PyTorchFileTests
{
    [Theory]
    [InlineData("zip.pth", "PyTorch (zip)")]
    [InlineData("zip_protocol4.pth", "PyTorch (zip)")]
    [InlineData("zip_protocol5.pth", "PyTorch (zip)")]
    [InlineData("zip_without_crc.pth", "PyTorch (zip)")]
    [InlineData("zip_views.pth", "PyTorch (zip)")]
    [InlineData("zip_dtypes.pth", "PyTorch (zip)")]
    [InlineData("zip_parameters.pth", "PyTorch (zip)")]
    [InlineData("legacy.th", "PyTorch (before 1.6)")]
    [InlineData("legacy_protocol4.th", "PyTorch (before 1.6)")]
    [InlineData("legacy_views.th", "PyTorch (before 1.6)")]
    [InlineData("legacy_dtypes.th", "PyTorch (before 1.6)")]
    public void Reader_gives_the_values_that_PyTorch_saved(string name, string format)
    {
        var weights = PyTorchFile.Read(Fixtures.Path("pytorch", name));
        Fixtures.AssertHolds(weights.Tensors, "pytorch", name);
        Assert.Equal(format, weights.Format);
    }

    [Fact]
    public void Counters_of_batch_norms_are_left_out_and_noted() =>
        Assert.Equal(["left out 1 num_batches_tracked counters"], PyTorchFile.Read(Fixtures.Path("pytorch", "zip.pth")).Notes);

    [Fact]
    public void Wrapper_and_prefix_are_removed_and_noted()
    {
        var weights = PyTorchFile.Read(Fixtures.Path("pytorch", "legacy_wrapped.th"));
        Fixtures.AssertHolds(weights.Tensors, "pytorch", "legacy_wrapped.th");
        Assert.Equal(
            ["took the entry 'state_dict'", "left out 1 num_batches_tracked counters", "removed the prefix 'module.' from every name"], weights.Notes);
        Assert.Equal(
            [("epoch", "3"), ("arch", "resnet20"), ("best_prec1", "91.25"), ("amp", "true")], weights.Metadata.Select(entry => (entry.Key, entry.Value)));
    }

    [Fact]
    public void Nested_wrappers_and_prefixes_are_removed()
    {
        var weights = PyTorchFile.Read(Fixtures.Path("pytorch", "zip_nested.pth"));
        Fixtures.AssertHolds(weights.Tensors, "pytorch", "zip_nested.pth");
        Assert.Contains("took the entry 'ema.model'", weights.Notes);
        Assert.Contains("removed the prefix '_orig_mod.module.' from every name", weights.Notes);
    }

    [Fact]
    public void Wrapper_of_an_unusual_name_is_found()
    {
        var weights = PyTorchFile.Read(Fixtures.Path("pytorch", "zip_unknown_wrapper.pth"));
        Fixtures.AssertHolds(weights.Tensors, "pytorch", "zip_unknown_wrapper.pth");
        Assert.Contains("took the entry 'weights'", weights.Notes);
    }

    [Fact]
    public void Objects_beside_the_weights_do_no_harm()
    {
        var weights = PyTorchFile.Read(Fixtures.Path("pytorch", "zip_training.pth"));
        Fixtures.AssertHolds(weights.Tensors, "pytorch", "zip_training.pth");
        Assert.Contains("left 'state_dict_ema', which holds tensors too; --key takes another part", weights.Notes);
    }

    [Fact]
    public void State_dict_can_be_chosen()
    {
        var weights = PyTorchFile.Read(Fixtures.Path("pytorch", "zip_training.pth"), "state_dict_ema");
        Fixtures.AssertHolds(weights.Tensors, "pytorch", "zip_training.pth#state_dict_ema");
        var failure = Assert.Throws<ModelFormatException>(() => PyTorchFile.Read(Fixtures.Path("pytorch", "zip_training.pth"), "model"));
        Assert.Contains("key 'model': has neither a dictionary 'model' nor names that begin so", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_are_not_tensors_are_left_out_and_noted()
    {
        var weights = PyTorchFile.Read(Fixtures.Path("pytorch", "zip_dict.pth"));
        Fixtures.AssertHolds(weights.Tensors, "pytorch", "zip_dict.pth");
        Assert.Equal(["left out 'note', a string; 'none', None"], weights.Notes);
    }

    [Theory]
    [InlineData("whole_model.pth", "holds an object made by torch.nn.modules.container.Sequential, which is not run; wanted a state dict")]
    [InlineData("quantized.pth", "tensor 'a': is an object made by torch._utils._rebuild_qtensor, which is not run; wanted a plain tensor")]
    [InlineData("sparse.pth", "tensor 'b': is an object made by torch._utils._rebuild_sparse_tensor")]
    [InlineData("complex.pth", "tensor 'a': has elements of torch.ComplexFloatStorage, which cannot be read")]
    [InlineData("uint16.pth", "tensor 'a': has elements of torch.uint16, which cannot be read")]
    [InlineData("rank7.pth", "tensor 'a': has 7 axes; at most 6")]
    [InlineData("int64_range.pth", "tensor 'a': element 0 is 1099511627776")]
    [InlineData("list.pth", "holds a list; wanted a state dict")]
    [InlineData("no_weights.pth", "holds no tensors by name, only 'epoch' (an integer), 'optimizer' (a dictionary)")]
    [InlineData("torchscript.pt", "is a TorchScript program; wanted a state dict")]
    public void What_is_not_a_state_dict_of_plain_tensors_is_refused(string name, string wanted)
    {
        var failure = Assert.Throws<ModelFormatException>(() => PyTorchFile.Read(Fixtures.Path("pytorch", "refused", name)));
        Assert.Contains(wanted, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_elements_are_found_by_their_checksum()
    {
        var bytes = Fixtures.Bytes("pytorch", "zip.pth");
        bytes[bytes.AsSpan().IndexOf("/data/0FB"u8) + 0x60] ^= 1;
        var failure = Assert.Throws<ModelFormatException>(() => WeightFile.Read(new MemoryStream(bytes), "zip.pth"));
        Assert.Contains("record 'zip/data/0': is corrupted: its CRC-32 is ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zip.pth", 0.99, "it is probably truncated")]
    [InlineData("zip.pth", 0.5, "it is probably truncated")]
    [InlineData("legacy.th", 0.99, "it may be truncated")]
    [InlineData("legacy.th", 0.5, "may be truncated")]
    public void Truncated_file_is_called_so(string name, double part, string wanted)
    {
        var bytes = Fixtures.Bytes("pytorch", name);
        var failure = Assert.Throws<ModelFormatException>(() => WeightFile.Read(new MemoryStream(bytes[..(int)(bytes.Length * part)]), name));
        Assert.Contains(wanted, failure.Message, StringComparison.Ordinal);
    }
}
