using Fovea.Formats.Tests.PyTorch;
using Fovea.Formats.Weights;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.Paddle;

/// <summary>Pickles of numpy arrays, as paddle.save writes them; the fixtures are numpy's own.</summary>
public sealed class PaddleFileTests
{
    [Theory]
    [InlineData("protocol2.pdparams")]
    [InlineData("protocol3.pdparams")]
    [InlineData("protocol4.pdparams")]
    [InlineData("protocol5.pdparams")]
    [InlineData("types.pdparams")]
    [InlineData("views.pdparams")]
    [InlineData("views_protocol2.pdparams")]
    [InlineData("views_protocol5.pdparams")]
    [InlineData("tensors.pdparams")]
    [InlineData("nested.pdparams")]
    [InlineData("divided.pdparams")]
    public void Arrays_are_those_that_numpy_wrote(string name)
    {
        var weights = WeightFile.Read(Fixtures.Path("paddle", name));
        Assert.Equal("Paddle (pickled arrays)", weights.Format);
        Fixtures.AssertHolds(weights.Tensors, "paddle", name);
    }

    [Fact]
    public void Notes_tell_what_was_joined_entered_and_left_out()
    {
        Assert.Contains("joined 3 pieces of 'fc.weight'", WeightFile.Read(Fixtures.Path("paddle", "divided.pdparams")).Notes);
        var nested = WeightFile.Read(Fixtures.Path("paddle", "nested.pdparams"));
        Assert.Contains("took the entry 'model'", nested.Notes);
        Assert.Equal(("3", "0.75"), (nested.Metadata["epoch"], nested.Metadata["best"]));
        Assert.Empty(WeightFile.Read(Fixtures.Path("paddle", "protocol4.pdparams")).Notes);
    }

    [Fact]
    public void Uint16_are_the_bits_of_bfloat16()
    {
        var tensor = Assert.Single(Read(Pickles.Of(p => p.Dict("w", () => p.Array([2], "u2", "<", [0x80, 0x3F, 0x00, 0xC0])))).Tensors).Tensor;
        Assert.Equal(new TensorType(DType.BFloat16, new Shape(2)), tensor.Type);
        Assert.Equal([1f, -2f], new[] { 0, 2 }.Select(i => BitConverter.Int32BitsToSingle(tensor.Bytes[i] << 16 | tensor.Bytes[i + 1] << 24)));
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "getattr")]
    [InlineData("torch._utils", "_rebuild_tensor_v2")]
    [InlineData("numpy", "load")]
    public void Callable_of_the_pickle_is_named_and_refused(string module, string name)
    {
        var call = Pickles.Of(p =>
        {
            p.Op('}');
            p.Text("w");
            p.Global(module, name);
            p.Ops("(");
            p.Text("echo owned");
            p.Ops("tRs");
        });
        Assert.Contains($"names {module}.{name}, which is not run; wanted numbers and arrays of them alone", Refused(call), StringComparison.Ordinal);
        var instance = Pickles.Of(p => p.Dict("w", () => p.Ops($"(i{module}\n{name}\n")));
        Assert.Contains($"names {module}.{name}, which is not run", Refused(instance), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        Assert.Contains("'w': has 8 bytes; its shape [3] of numpy's f4 wants 12", Refused(Array([3], "f4", "<", new byte[8])), StringComparison.Ordinal);
        Assert.Contains("has elements of >f4, which are big-endian", Refused(Array([1], "f4", ">", new byte[4])), StringComparison.Ordinal);
        Assert.Contains("has elements of numpy's c8, which cannot be read", Refused(Array([1], "c8", "<", new byte[8])), StringComparison.Ordinal);
        Assert.Contains("has an extent that is no number from 0 to", Refused(Array([-1], "f4", "<", [])), StringComparison.Ordinal);
        Assert.Contains("has 9 axes; at most", Refused(Array([1, 1, 1, 1, 1, 1, 1, 1, 1], "f4", "<", new byte[4])), StringComparison.Ordinal);
        Assert.Contains("has 3 bytes behind its pickle", Refused([.. Array([1], "f4", "<", new byte[4]), 1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains(
            "holds a list; wanted a state dict: paddle.save(model.state_dict(), FILE)", Refused(Pickles.Of(p => p.Op(']'))), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_shape_asks_for_no_memory_before_it_is_compared()
    {
        var file = Array([1 << 30, 1 << 30, 1 << 30], "f4", "<", new byte[4]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("has 4 bytes; its shape [1073741824, 1073741824, 1073741824]", Refused(file), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Files_of_PyTorch_before_1_6_stay_what_they_are() =>
        Assert.Equal("PyTorch (before 1.6)", WeightFile.Read(Fixtures.Path("pytorch", "legacy_protocol4.th")).Format);

    private static byte[] Array(long[] shape, string type, string order, byte[] data) =>
        Pickles.Of(p => p.Dict("w", () => p.Array(shape, type, order, data)));

    private static WeightSet Read(byte[] file) => WeightFile.Read(new MemoryStream(file), "w.pdparams");

    private static string Refused(byte[] file) => Assert.Throws<ModelFormatException>(() => Read(file)).Message;
}
