using System.Buffers.Binary;
using System.Text;
using Fovea.Formats.Safetensors;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.Safetensors;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void Reader_gives_the_values_that_the_reference_library_wrote()
    {
        using var file = SafetensorsFile.Open(Fixtures.Path("safetensors", "reference.safetensors"));
        var tensors = file.Entries.Select(entry => (entry.Name, file.Read(entry.Name))).ToArray();
        Fixtures.AssertHolds(tensors, "safetensors", "reference.safetensors", ordered: false);
        Assert.Equal("klein \"ja\"", file.Metadata["größe"]);
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Fact]
    public void Entries_tell_the_types_that_reading_gives()
    {
        using var file = SafetensorsFile.Open(Fixtures.Path("safetensors", "reference.safetensors"));
        Assert.All(file.Entries, entry => Assert.Equal(entry.Type, file.Read(entry.Name).Type));
    }

    [Fact]
    public void Writer_keeps_order_values_types_and_metadata()
    {
        (string Name, HostTensor Tensor)[] tensors =
        [
            ("z", Fixtures.Ramp(2, 3)),
            ("bytes", new HostTensor(new(DType.UInt8, new Shape(3)), [1, 2, 255])),
            ("a", new HostTensor(new(DType.BFloat16, new Shape(2)), [0x80, 0x3F, 0x00, 0xC0])),
            ("ints", new HostTensor(new(DType.Int32, new Shape(1)), [0xFE, 0xFF, 0xFF, 0xFF])),
            ("signed", new HostTensor(new(DType.Int8, new Shape(1)), [0x80])),
            ("scalar", Fixtures.Ramp()),
            ("empty", Fixtures.Ramp(0, 4)),
        ];
        var stream = new MemoryStream();
        SafetensorsFile.Write(stream, tensors, new Dictionary<string, string> { ["klasse"] = "Straße <&> \"ü\"" });

        using var file = SafetensorsFile.Open(stream, "written");
        Assert.Equal(tensors.Select(entry => (entry.Name, entry.Tensor.Type)), file.Entries.Select(entry => (entry.Name, entry.Type)));
        Assert.All(tensors, entry => Assert.Equal(entry.Tensor.Bytes.ToArray(), file.Read(entry.Name).Bytes.ToArray()));
        Assert.Equal("Straße <&> \"ü\"", file.Metadata["klasse"]);
    }

    [Fact]
    public void Writer_aligns_every_tensor_to_its_elements()
    {
        var stream = new MemoryStream();
        SafetensorsFile.Write(stream, [("byte", new HostTensor(new(DType.Int8, new Shape(1)))), ("float", Fixtures.Ramp(1))]);
        var header = BinaryPrimitives.ReadInt64LittleEndian(stream.ToArray());
        Assert.Equal(0, (8 + header) % 8);
        var json = Encoding.UTF8.GetString(stream.ToArray(), 8, (int)header);
        Assert.Equal(
            """{"byte":{"dtype":"I8","shape":[1],"data_offsets":[4,5]},"float":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", json.TrimEnd(' '));
    }

    [Fact]
    public void Writer_refuses_names_that_clash()
    {
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(new MemoryStream(), [("a", Fixtures.Ramp(1)), ("a", Fixtures.Ramp(1))]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(new MemoryStream(), [("__metadata__", Fixtures.Ramp(1))]));
    }

    [Fact]
    public void Tensor_beyond_two_gigabytes_of_a_file_is_read()
    {
        const long Far = 3_000_000_000;
        const string Json = """
            {"low":{"dtype":"U8","shape":[1500000000],"data_offsets":[0,1500000000]},
            "high":{"dtype":"U8","shape":[1500000000],"data_offsets":[1500000000,3000000000]},
            "far":{"dtype":"F32","shape":[1],"data_offsets":[3000000000,3000000004]}}
            """;
        using var folder = new TemporaryFolder();
        using (var stream = File.Create(folder.Path("big.safetensors")))
        {
            stream.Write(Header(Json));
            stream.Position += Far;   // a hole: no bytes on the disk
            stream.Write(BitConverter.GetBytes(1.5f));
        }

        using var file = SafetensorsFile.Open(folder.Path("big.safetensors"));
        Assert.Equal([1.5f], file.Read("far").Floats.ToArray());
    }

    [Theory]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "tensor 'a': stands twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "F32 [3] takes 12 bytes, but data_offsets [0, 8] hold 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "may be truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "has 9 bytes of elements, but the header describes 8")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "tensor 'b': begins at 4, where 8 was wanted")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12,
        "tensor 'b': begins at 8, where 4 was wanted")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "axis 0 has the extent -1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""", 4, "can be held in one tensor")]
    [InlineData(
        """{"a":{"dtype":"F16","shape":[1500000000],"data_offsets":[0,3000000000]}}""", 4, "1500000000 elements, 6000000000 bytes; at most 2147483591 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", 4, "has 7 axes; at most 6")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", 4, "has elements of type F8_E4M3")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "lies at data_offsets [4, 0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "wants a dtype, a shape and two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "wants a dtype, a shape and two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "is not a 64-bit integer")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"extra":1}}""", 4, "the key 'extra'")]
    [InlineData("""{"a":[1]}""", 0, "wanted an object with dtype")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "wanted a string for 'a'")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "has 'a' twice")]
    [InlineData("""{"a":{"dtype":"F32" """, 0, "JSON at byte")]
    [InlineData("""{} {}""", 0, "header")]
    [InlineData("""{"\ud800":{}}""", 0, "JSON at byte")]
    public void Header_that_the_format_forbids_is_refused(string json, int dataBytes, string wanted)
    {
        var failure = Assert.Throws<ModelFormatException>(
            () => SafetensorsFile.Open(new MemoryStream([.. Header(json), .. new byte[dataBytes]]), "weights.safetensors"));
        Assert.StartsWith("weights.safetensors: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(wanted, failure.Message, StringComparison.Ordinal);
        Assert.Equal("weights.safetensors", failure.File);
    }

    [Theory]
    [InlineData(ulong.MaxValue, "at most 100000000 are allowed")]
    [InlineData(99_999_999ul, "it may be truncated")]
    [InlineData(0ul, "does not begin with '{'")]
    public void Header_length_that_cannot_be_is_refused(ulong length, string wanted)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        var failure = Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(new MemoryStream(bytes), "w"));
        Assert.Contains(wanted, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Integer_beyond_32_bits_is_refused_when_it_is_read()
    {
        byte[] bytes =
        [
            .. Header("""{"a":{"dtype":"I64","shape":[2],"data_offsets":[0,16]}}"""), .. BitConverter.GetBytes(-5L), .. BitConverter.GetBytes(1L << 31),
        ];
        using var file = SafetensorsFile.Open(new MemoryStream(bytes), "w");
        var failure = Assert.Throws<ModelFormatException>(() => file.Read("a"));
        Assert.Equal("w: tensor 'a': element 1 is 2147483648; a 64-bit integer is read only if 32 bits hold it", failure.Message);
    }

    [Fact]
    public void Tensor_that_is_not_there_is_named()
    {
        using var file = SafetensorsFile.Open(Fixtures.Path("safetensors", "reference.safetensors"));
        Assert.Contains(
            "tensor 'absent': is not among the 13 tensors", Assert.Throws<ModelFormatException>(() => file.Read("absent")).Message, StringComparison.Ordinal);
    }

    private static byte[] Header(string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        return [.. BitConverter.GetBytes((long)utf8.Length), .. utf8];
    }
}
