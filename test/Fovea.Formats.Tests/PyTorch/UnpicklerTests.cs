using System.Text;
using Fovea.Formats.PyTorch;
using Fovea.Formats.Storage;

namespace Fovea.Formats.Tests.PyTorch;

public sealed class UnpicklerTests
{
    [Theory]
    [InlineData("N.", null)]
    [InlineData("I01\n.", true)]
    [InlineData("\x88.", true)]
    [InlineData("I-12\n.", -12L)]
    [InlineData("L123L\n.", 123L)]
    [InlineData("F1.5\n.", 1.5)]
    [InlineData("J\xFF\xFF\xFF\xFF.", -1L)]
    [InlineData("M\x01\x02.", 513L)]
    [InlineData("\x8A\x01\xFE.", -2L)]
    [InlineData("G\x3F\xF8\0\0\0\0\0\0.", 1.5)]
    [InlineData("S'text'\n.", "text")]
    [InlineData("Vtext\n.", "text")]
    [InlineData("U\x02ok.", "ok")]
    [InlineData("X\x03\0\0\0\xC3\xBC!.", "ü!")]
    [InlineData("\x80\x05\x95\x04\0\0\0\0\0\0\0\x8C\x02ok\x94.", "ok")]
    [InlineData("(K\x01K\x02" + "1K\x03.", 3L)]
    [InlineData("K\x07q\x05" + "0h\x05.", 7L)]
    [InlineData("K\x07p9\n0g9\n.", 7L)]
    public void Constants_of_every_protocol_are_read(string pickle, object? wanted) => Assert.Equal(wanted, Load(pickle));

    [Theory]
    [InlineData("cos\nsystem\n(X\x04\0\0\0truetR.", "os.system")]
    [InlineData("\x8C\x05posix\x8C\x06system\x93\x8C\x04true\x85R.", "posix.system")]
    [InlineData("(X\x04\0\0\0trueios\nsystem\n.", "os.system")]
    [InlineData("(cos\nsystem\nX\x04\0\0\0trueo.", "os.system")]
    [InlineData("cbuiltins\neval\n)\x81.", "builtins.eval")]
    [InlineData("cbuiltins\neval\n)}\x92.", "builtins.eval")]
    [InlineData("cbuiltins\nobject\n)\x81}X\x01\0\0\0ssb.", null)]
    public void Callables_are_never_called(string pickle, string? wanted)
    {
        if (wanted is null) Assert.Throws<ModelFormatException>(() => Load(pickle));
        else Assert.Equal(new Opaque(wanted), Load(pickle));
    }

    [Fact]
    public void Containers_are_read()
    {
        var dictionary = Assert.IsType<PickleDict>(Load("}(U\x01" + "aK\x01U\x01" + "b](K\x02K\x03" + "eu."));
        Assert.Equal(1L, dictionary["a"]);
        Assert.Equal([2L, 3L], Assert.IsType<PickleList>(dictionary["b"]).Items);
        Assert.Equal(new object?[] { 1L, 2L, 3L }, Load("K\x01K\x02K\x03\x87."));
        Assert.Equal("v", Assert.IsType<PickleDict>(Load("(U\x01kU\x01vd."))["k"]);
        Assert.Equal("v", Assert.IsType<PickleDict>(Load("ccollections\nOrderedDict\n((lp0\n(lp1\nU\x01kaU\x01vaatR."))["k"]);
        Assert.Equal([1L], Assert.IsType<PickleList>(Load("\x8F(K\x01\x90.")).Items);
    }

    [Theory]
    [InlineData("", "ends before its STOP")]
    [InlineData(".", "takes a value from an empty stack")]
    [InlineData("(.", "takes a value from an empty stack")]
    [InlineData("t.", "a mark that was never set")]
    [InlineData("h\x05.", "recalls the value 5")]
    [InlineData("\x80\x06.", "protocol 6")]
    [InlineData("\x82\x01.", "0x82 is not an opcode")]
    [InlineData("X\xFF\xFF\xFF\xFF.", "wants 4294967295 bytes, but 1 are left")]
    [InlineData("\x8E\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF.", "wants 18446744073709551615 bytes")]
    [InlineData("\x8B\xFF\xFF\xFF\x7F.", "an integer of 2147483647 bytes")]
    [InlineData("Iabc\n.", "wants an integer in decimal")]
    [InlineData("K\x01K\x02" + "a.", "appends to something that is not a list")]
    [InlineData("}(K\x01u.", "sets 1 keys and values")]
    [InlineData("U\x01xQ.", "a persistent id was wanted")]
    [InlineData("K\x01\x85Q.", "neither a storage nor a module")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "calls Tensor with 0 arguments")]
    public void Malformed_pickle_is_refused(string pickle, string wanted)
    {
        var failure = Assert.Throws<ModelFormatException>(() => Load(pickle));
        Assert.Contains(wanted, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith("p: data.pkl, byte ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_line_is_refused() =>
        Assert.Contains(
            "a line of more than 4096 bytes", Assert.Throws<ModelFormatException>(() => Load("I" + new string('1', 100_000))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Storages_are_reported_by_key()
    {
        var storages = new Dictionary<string, StorageType>();
        Load("(U\x07storagectorch\nHalfStorage\nU\x01" + "7U\x03" + "cpuK\x04tQ.", storages);
        Assert.Equal(("7", StoredType.Float16), (storages.Single().Key, storages.Single().Value.Elements));
    }

    private static object? Load(string latin1, Dictionary<string, StorageType>? storages = null)
    {
        var bytes = Encoding.Latin1.GetBytes(latin1);
        using var file = new InputFile(new MemoryStream(bytes), "p");
        return new Unpickler(new PickleInput(file, 0, bytes.Length, "data.pkl"), storages).Load();
    }
}
