using System.Buffers.Binary;
using Fovea.Formats;
using Fovea.Tensors;

namespace Fovea.Darknet.Tests;

[Trait("row", "S4-02")]
public class WeightsTests
{
    private const string All =
        "[conv]\nbatch_normalize=1\nfilters=4\nsize=3\npad=1\n[conv]\nfilters=4\nflipped=1\n[conv]\nfilters=4\nshare_index=-1\n[shortcut]\nfrom=0\nweights_type=per_channel\n"
        + "[batchnorm]\n[local]\nfilters=2\nsize=3\n[connected]\noutput=5\nbatch_normalize=1\n[implicit]\nfilters=3\n";

    private static byte[] Written(DarknetNetwork network, WeightsHeader header, bool isForReading = false)
    {
        using var stream = new MemoryStream();
        WeightsWriter.Write(stream, "test.weights", network, header, Filled(network), isForReading);
        return stream.ToArray();
    }

    private static (string Name, HostTensor Tensor)[] Filled(DarknetNetwork network) =>
        [.. network.Tensors.Select(tensor => (tensor.Name, HostTensor.Of(tensor.Shape, [.. Nets.Numbers(tensor.Name, tensor.Shape.Elements).Select(x => (float)x)])))];

    private static DarknetWeights Read(byte[] bytes, DarknetNetwork network, int? layers = null)
    {
        using var stream = new MemoryStream(bytes);
        return WeightsReader.Read(stream, "test.weights", network, layers);
    }

    public static TheoryData<int, int, int, ulong, bool> Headers => new()
    {
        { 0, 2, 5, 64_000, true }, { 0, 1, 0, 12_345, false }, { 0, 0, 0, 0, false }, { 1, 0, 7, ulong.MaxValue, true }, { 1001, 0, 0, 7, false }, { 2000, 1, 0, 9, true },
        { 0, 1001, 0, 1, true },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void What_is_read_is_written_byte_for_byte(int major, int minor, int revision, ulong seen, bool isLong)
    {
        var (network, header) = (Nets.Of(All), new WeightsHeader(major, minor, revision, seen, isLong));
        var bytes = Written(network, header);
        var read = Read(bytes, network);
        Assert.Equal(header, read.Header);
        Assert.Equal(bytes.Length, header.Bytes + (4 * network.Tensors.Sum(tensor => tensor.Shape.Elements)));
        using var again = new MemoryStream();
        WeightsWriter.Write(again, "again", network, read.Header, read.Tensors);
        Assert.Equal(bytes, again.ToArray());
        Assert.Equal(Filled(network).Select(entry => (entry.Name, Convert.ToHexString(entry.Tensor.Bytes))), read.Tensors.Select(entry => (entry.Name, Convert.ToHexString(entry.Tensor.Bytes))));
    }

    [Fact]
    public void The_order_is_that_of_Darknet() => Assert.Equal(
        ["0.biases", "0.scales", "0.rolling_mean", "0.rolling_variance", "0.weights", "1.biases", "1.weights", "3.weights", "4.biases", "4.scales", "4.rolling_mean",
            "4.rolling_variance", "5.biases", "5.weights", "6.biases", "6.weights", "6.scales", "6.rolling_mean", "6.rolling_variance", "7.weights"],
        Nets.Of(All).Tensors.Select(tensor => tensor.Name));

    [Fact]
    public void Connected_layers_of_early_files_lie_transposed()
    {
        var network = Nets.Of("[avg]\n[connected]\noutput=2\n");
        var bytes = Written(network, new(1001, 0, 0, 0, IsLong: false));
        float At(int i) => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(16 + (4 * (2 + i))));
        Assert.Equal([0, 3, 1, 4, 2, 5], Enumerable.Range(0, 6).Select(i => Array.IndexOf([.. Nets.Numbers("1.weights", 6)], (double)At(i))));
    }

    [Fact]
    public void What_the_cfg_does_not_load_is_in_no_file_for_it()
    {
        var network = Nets.Of("[conv]\nfilters=2\ndontload=1\n[conv]\nbatch_normalize=1\nfilters=2\ndontloadscales=1\n");
        var bytes = Written(network, WeightsHeader.Current(), isForReading: true);
        var read = Read(bytes, network);
        Assert.Equal(["1.biases", "1.weights"], read.Tensors.Select(entry => entry.Name));
        using var again = new MemoryStream();
        WeightsWriter.Write(again, "again", network, read.Header, read.Tensors, isForReading: true);
        Assert.Equal(bytes, again.ToArray());
    }

    [Fact]
    public void A_file_that_has_what_the_cfg_does_not_load_is_read_whole()
    {
        var network = Nets.Of("[conv]\nfilters=2\ndontload=1\n[conv]\nbatch_normalize=1\nfilters=2\ndontloadscales=1\n");
        var bytes = Written(network, WeightsHeader.Current());
        Assert.Contains("0.weights", Read(bytes, network).Tensors.Select(entry => entry.Name));
        Assert.Contains("bytes follow", Assert.Throws<ModelFormatException>(() => Read([.. bytes, 0], network)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_beginning_of_a_network_can_be_read()
    {
        var (whole, part) = (Nets.Of("[conv]\nfilters=2\n[conv]\nfilters=3\n"), Nets.Of("[conv]\nfilters=2\n"));
        Assert.Equal(["0.biases", "0.weights"], Read(Written(part, WeightsHeader.Current()), whole, layers: 1).Tensors.Select(entry => entry.Name));
    }

    [Fact]
    public void A_file_of_another_length_names_layer_and_counts()
    {
        var network = Nets.Of("[conv]\nfilters=2\n[conv]\nfilters=3\n");
        var bytes = Written(network, WeightsHeader.Current());
        string Message(byte[] file) => Assert.Throws<ModelFormatException>(() => Read(file, network)).Message;
        Assert.Equal(
            "test.weights: layer 1 [convolutional]: the file ends in its weights: 22 of 24 bytes are there, and 86 of the 88 that the cfg wants in all", Message(bytes[..^2]));
        Assert.Equal(
            "test.weights: layer 0 [convolutional]: the file ends in its biases: 0 of 8 bytes are there, and 20 of the 88 that the cfg wants in all", Message(bytes[..20]));
        Assert.Equal(
            "test.weights: byte 88: 4 bytes follow the last layer of the cfg, which wants 88 in all; wanted the cfg that the file is of", Message([.. bytes, 0, 0, 0, 0]));
        Assert.Equal("test.weights: header: has 15 bytes; wanted 16 or 20", Message(bytes[..15]));
        Assert.Equal("test.weights: header: has 19 bytes; wanted 20", Message(bytes[..19]));
        bytes[3] = 0x80;
        Assert.Contains("wanted a file that Darknet wrote", Message(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_is_missing_or_of_another_shape_is_named()
    {
        var (network, other) = (Nets.Of("[conv]\nfilters=2\n"), Nets.Of("[conv]\nfilters=3\n"));
        string Message((string, HostTensor)[] tensors) => Assert.Throws<ModelFormatException>(
            () => WeightsWriter.Write(Stream.Null, "a.weights", network, WeightsHeader.Current(), tensors)).Message;
        Assert.Equal("a.weights: layer 0 [convolutional]: its biases are missing", Message([]));
        Assert.Equal("a.weights: layer 0 [convolutional]: its biases are f32[3]; wanted f32[2]", Message(Filled(other)));
    }
}
