using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fovea.Darknet.Layers;
using Fovea.Formats;
using Fovea.Tensors;

namespace Fovea.Darknet;

/// <summary>Writes files of weights (<c>save_weights_upto</c>).</summary>
public static class WeightsWriter
{
    private const int AtATime = 1 << 14;

    /// <summary>Writes a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network.</param>
    /// <param name="header">The header; of one that says so, connected layers are written transposed.</param>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="isForReading">
    /// Whether what the cfg says not to load is left out, so that the file is read with the same cfg; otherwise, as Darknet does, all is written. Default false.
    /// </param>
    /// <exception cref="ModelFormatException">A tensor is missing or has another shape.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path, DarknetNetwork network, WeightsHeader header, IReadOnlyList<(string Name, HostTensor Tensor)> tensors, bool isForReading = false) =>
        AtomicFile.Write(path, stream => Write(stream, path, network, header, tensors, isForReading));

    /// <summary>Writes to a stream.</summary>
    /// <inheritdoc cref="Write(string, DarknetNetwork, WeightsHeader, IReadOnlyList{ValueTuple{string, HostTensor}}, bool)"/>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="network">The network.</param>
    /// <param name="header">The header.</param>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="isForReading">Whether what the cfg says not to load is left out.</param>
    public static void Write(
        Stream stream, string name, DarknetNetwork network, WeightsHeader header, IReadOnlyList<(string Name, HostTensor Tensor)> tensors, bool isForReading = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(header);
        var given = tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal);
        Write(stream, header);
        foreach (var layer in network.Layers)
            foreach (var tensor in WeightsOrder.In(layer, isForReading)) Write(stream, Found(name, layer, tensor, given), tensor, header);
    }

    private static HostTensor Found(string name, DarknetLayer layer, LayerTensor tensor, Dictionary<string, HostTensor> given)
    {
        var where = $"layer {layer.Index} [{layer.Kind}]";
        if (!given.TryGetValue(tensor.Name, out var found)) throw new ModelFormatException(name, where, $"its {tensor.Field} are missing");
        return found.Type == new TensorType(DType.Float32, tensor.Shape)
            ? found
            : throw new ModelFormatException(name, where, $"its {tensor.Field} are {found.Type}; wanted f32{tensor.Shape}");
    }

    private static void Write(Stream stream, WeightsHeader header)
    {
        var bytes = new byte[header.Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, header.Major);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), header.Minor);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), header.Revision);
        if (header.IsLong) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(12), header.Seen);
        else BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), checked((uint)header.Seen));
        stream.Write(bytes);
    }

    private static void Write(Stream stream, HostTensor found, LayerTensor tensor, WeightsHeader header)
    {
        if (!WeightsOrder.IsTransposed(tensor, header))
        {
            Write(stream, found.Floats);
            return;
        }

        var turned = new float[found.Floats.Length];
        WeightsOrder.Transpose(found.Floats, turned, WeightsOrder.Rows(tensor.Shape));
        Write(stream, turned);
    }

    private static void Write(Stream stream, ReadOnlySpan<float> numbers)
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(numbers));
            return;
        }

        var bytes = new byte[sizeof(float) * AtATime];
        for (; numbers.Length > 0; numbers = numbers[Math.Min(AtATime, numbers.Length)..])
        {
            var count = Math.Min(AtATime, numbers.Length);
            for (var i = 0; i < count; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * i), numbers[i]);
            stream.Write(bytes.AsSpan(0, sizeof(float) * count));
        }
    }
}
