using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fovea.Darknet.Layers;
using Fovea.Formats;
using Fovea.Formats.Storage;
using Fovea.Naming;
using Fovea.Tensors;

namespace Fovea.Darknet;

/// <summary>Reads files of weights (<c>load_weights_upto</c>), in which nothing but the order says what is what.</summary>
public static class WeightsReader
{
    private const int ShortHeader = 16;
    private const int LongHeader = 20;
    private const int NewMajor = 1000;

    /// <summary>Reads a file; where it has all layers, also what the cfg says not to load.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network that it is of.</param>
    /// <param name="layers">How many layers it has, where it is only their beginning, as <c>darknet53.conv.74</c> has 74; null for all.</param>
    /// <exception cref="ModelFormatException">It is shorter or longer than the network wants; the message has the layer and both counts.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DarknetWeights Read(string path, DarknetNetwork network, int? layers = null)
    {
        using var file = InputFile.Open(path);
        return Read(file.Stream, path, network, layers);
    }

    /// <summary>Reads a stream that can seek, from its beginning.</summary>
    /// <inheritdoc cref="Read(string, DarknetNetwork, int?)"/>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="network">The network that it is of.</param>
    /// <param name="layers">How many layers it has; null for all.</param>
    public static DarknetWeights Read(Stream stream, string name, DarknetNetwork network, int? layers = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(network);
        var wanted = Tensors(network, layers, isForReading: true);
        stream.Position = 0;
        var header = HeaderOf(stream, name, wanted.Sum(entry => Bytes(entry.Tensor)));
        var all = Tensors(network, layers, isForReading: false);
        if (stream.Length - header.Bytes == all.Sum(entry => Bytes(entry.Tensor))) wanted = all;
        CheckLength(stream.Length, header.Bytes, name, wanted);
        stream.Position = header.Bytes;
        return new(header, [.. wanted.Select(entry => (entry.Tensor.Name, Next(stream, entry.Tensor, header)))]);
    }

    private static (DarknetLayer Layer, LayerTensor Tensor)[] Tensors(DarknetNetwork network, int? layers, bool isForReading) =>
        [.. network.Layers.Take(layers ?? int.MaxValue).SelectMany(layer => WeightsOrder.In(layer, isForReading).Select(tensor => (layer, tensor)))];

    private static long Bytes(LayerTensor tensor) => sizeof(float) * tensor.Shape.Elements;

    /// <summary>
    /// From version 0.2 on the header has 20 bytes. Programs differ on versions of 1000 and above, so there the length of the file says it.
    /// </summary>
    private static WeightsHeader HeaderOf(Stream stream, string name, long tensors)
    {
        var bytes = new byte[LongHeader];
        var length = stream.ReadAtLeast(bytes, LongHeader, throwOnEndOfStream: false);
        if (length < ShortHeader) throw new ModelFormatException(name, "header", $"has {Amount.Of(length, "byte")}; wanted {ShortHeader} or {LongHeader}");
        int Number(int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
        var (major, minor, revision) = (Number(0), Number(4), Number(8));
        if (major < 0 || minor < 0)
            throw new ModelFormatException(name, "header", $"begins with the version {major}.{minor}.{revision}; wanted a file that Darknet wrote");
        var isLong = (major * 10L) + minor >= 2;
        if (major >= NewMajor || minor >= NewMajor) isLong = stream.Length != ShortHeader + tensors;
        if (isLong && length < LongHeader) throw new ModelFormatException(name, "header", $"has {Amount.Of(length, "byte")}; wanted {LongHeader}");
        var seen = isLong ? BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(12)) : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12));
        return new(major, minor, revision, seen, isLong);
    }

    private static void CheckLength(long length, long at, string name, (DarknetLayer Layer, LayerTensor Tensor)[] wanted)
    {
        foreach (var (layer, tensor) in wanted)
        {
            if (length - at < Bytes(tensor))
                throw new ModelFormatException(
                    name, $"layer {layer.Index} [{layer.Kind}]",
                    $"the file ends in its {tensor.Field}: {Math.Max(length - at, 0)} of {Bytes(tensor)} bytes are there, "
                    + $"and {length} of the {at + wanted.SkipWhile(entry => entry.Tensor != tensor).Sum(entry => Bytes(entry.Tensor))} that the cfg wants in all");
            at += Bytes(tensor);
        }

        if (length > at)
            throw new ModelFormatException(
                name, $"byte {at}",
                $"{Amount.Of(length - at, "byte follows", "bytes follow")} the last layer of the cfg, which wants {at} in all; wanted the cfg that the file is of");
    }

    private static HostTensor Next(Stream stream, LayerTensor tensor, WeightsHeader header)
    {
        var read = new HostTensor(new TensorType(DType.Float32, tensor.Shape));
        stream.ReadExactly(read.Bytes);
        if (!BitConverter.IsLittleEndian) Reverse(read.Bytes);
        if (!WeightsOrder.IsTransposed(tensor, header)) return read;
        var turned = new HostTensor(read.Type);
        WeightsOrder.Transpose(read.Floats, turned.Floats, read.Floats.Length / WeightsOrder.Rows(tensor.Shape));
        return turned;
    }

    private static void Reverse(Span<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, uint>(bytes);
        BinaryPrimitives.ReverseEndianness(words, words);
    }
}
