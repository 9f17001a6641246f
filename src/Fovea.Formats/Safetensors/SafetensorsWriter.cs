using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fovea.Tensors;

namespace Fovea.Formats.Safetensors;

internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    internal static void Write(
        Stream stream, IReadOnlyList<(string Name, HostTensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        CheckNames(tensors);
        var laid = tensors.OrderByDescending(entry => entry.Tensor.Type.DType.Size).ToArray();   // OrderBy is stable
        var header = Header(tensors, Places(laid), metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in laid) stream.Write(tensor.Bytes);
    }

    private static void CheckNames(IReadOnlyList<(string Name, HostTensor Tensor)> tensors)
    {
        var names = new HashSet<string>();
        foreach (var (name, _) in tensors)
        {
            if (name == SafetensorsHeader.MetadataKey) throw new ArgumentException($"a tensor cannot be called {name}");
            if (!names.Add(name)) throw new ArgumentException($"two tensors are called '{name}'");
        }
    }

    private static Dictionary<string, (long Begin, long End)> Places(IEnumerable<(string Name, HostTensor Tensor)> laid)
    {
        var places = new Dictionary<string, (long Begin, long End)>();
        var reached = 0L;
        foreach (var (name, tensor) in laid)
        {
            var begin = reached;
            reached += tensor.Type.Bytes;
            places.Add(name, (begin, reached));
        }

        return places;
    }

    private static byte[] Header(
        IReadOnlyList<(string Name, HostTensor Tensor)> tensors,
        Dictionary<string, (long Begin, long End)> places,
        IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        if (metadata is { Count: > 0 })
        {
            json.WriteStartObject(SafetensorsHeader.MetadataKey);
            foreach (var (key, value) in metadata) json.WriteString(key, value);
            json.WriteEndObject();
        }

        foreach (var (name, tensor) in tensors) WriteEntry(json, name, tensor.Type, places[name]);
        json.WriteEndObject();
        json.Flush();
        while (buffer.WrittenCount % Alignment != 0) buffer.Write(" "u8);
        if (buffer.WrittenCount > SafetensorsHeader.MaxBytes)
            throw new ArgumentException($"names and metadata take {buffer.WrittenCount} bytes; the format allows {SafetensorsHeader.MaxBytes}");
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, TensorType type, (long Begin, long End) place)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", SafetensorsTypes.Name(type.DType));
        json.WriteStartArray("shape");
        for (var axis = 0; axis < type.Shape.Rank; axis++) json.WriteNumberValue(type.Shape[axis]);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(place.Begin);
        json.WriteNumberValue(place.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
