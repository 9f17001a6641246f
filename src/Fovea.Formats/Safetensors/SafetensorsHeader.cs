using System.Buffers.Binary;
using System.Text.Json;
using Fovea.Formats.Storage;

namespace Fovea.Formats.Safetensors;

/// <summary>The header of a safetensors file: eight bytes of length, then a JSON object from names to types, shapes and places.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The bound that the reference implementation sets, too.</summary>
    internal const int MaxBytes = 100_000_000;

    internal const string MetadataKey = "__metadata__";

    private readonly InputFile _file;
    private readonly HashSet<string> _names = [];

    private SafetensorsHeader(InputFile file) => _file = file;

    internal List<SafetensorsEntry> Entries { get; } = [];

    internal Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Where the elements begin.</summary>
    internal long DataOffset { get; private set; }

    /// <summary>Whether the file begins as a safetensors file does; it may be cut off after that.</summary>
    internal static bool Recognises(InputFile file)
    {
        var head = file.Head(9);
        return head.Length == 9 && head[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(head) <= MaxBytes;
    }

    internal static SafetensorsHeader Read(InputFile file)
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Read(0, 8, "header length"));
        if (length > MaxBytes)
            throw ForeignContent.Recognise(file) is { } foreign
                ? file.Fail("", $"{foreign}; wanted a file of safetensors")
                : file.Fail("header length", $"is {length} bytes; at most {MaxBytes} are allowed");
        var json = file.Read(8, (long)length, "header");
        var header = new SafetensorsHeader(file) { DataOffset = 8 + (long)length };
        if (json.Length == 0 || json[0] != '{') throw file.Fail("header", "does not begin with '{'");
        header.Parse(json);
        header.CheckPlaces();
        return header;
    }

    private void Parse(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            reader.Read();
            while (NextKey(ref reader, out var name))
            {
                if (!_names.Add(name)) throw _file.Fail($"tensor '{name}'", "stands twice in the header");
                if (name == MetadataKey) ReadMetadata(ref reader);
                else Entries.Add(ReadEntry(ref reader, name));
            }

            if (reader.Read()) throw _file.Fail("header", $"goes on after the closing brace at byte {reader.TokenStartIndex}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Utf8JsonReader throws InvalidOperationException for strings that are not valid UTF-8 or UTF-16.
            throw _file.Fail($"header, JSON at byte {reader.BytesConsumed}", e.Message, e);
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, MetadataKey, "an object of strings");
        while (NextKey(ref reader, out var key))
        {
            Expect(ref reader, JsonTokenType.String, MetadataKey, $"a string for '{key}'");
            if (!Metadata.TryAdd(key, reader.GetString()!)) throw _file.Fail(MetadataKey, $"has '{key}' twice");
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        var where = $"tensor '{name}'";
        string? type = null;
        List<long>? shape = null;
        List<long>? place = null;
        Expect(ref reader, JsonTokenType.StartObject, where, "an object with dtype, shape and data_offsets");
        while (NextKey(ref reader, out var key))
        {
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String, where, "a string for dtype");
                    type = reader.GetString()!;
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, where, key);
                    break;
                case "data_offsets" when place is null:
                    place = ReadNumbers(ref reader, where, key);
                    break;
                default:
                    throw _file.Fail(where, $"has the key '{key}', unknown or for the second time; wanted dtype, shape and data_offsets, once each");
            }
        }

        if (type is null || shape is null || place is not [var begin, var end])
            throw _file.Fail(where, "wants a dtype, a shape and two data_offsets");
        return Entry(name, where, type, shape, begin, end);
    }

    private SafetensorsEntry Entry(string name, string where, string type, List<long> extents, long begin, long end)
    {
        var stored = SafetensorsTypes.Parse(type) ?? throw _file.Fail(where, $"has elements of type {type}; {SafetensorsTypes.Readable} can be read");
        var shape = StoredElements.Shape(stored, extents.ToArray(), problem => _file.Fail(where, problem));
        var bytes = _file.Length - DataOffset;
        if (begin < 0 || end < begin || end > bytes)
            throw _file.Fail(where, $"lies at data_offsets [{begin}, {end}], but the file has {bytes} bytes of elements; it may be truncated");
        var wanted = shape.Elements * stored.Size;
        if (end - begin != wanted)
            throw _file.Fail(where, $"{type} {shape} takes {wanted} bytes, but data_offsets [{begin}, {end}] hold {end - begin}");
        return new(name, stored, shape, begin, end);
    }

    /// <summary>The tensors must fill the rest of the file without overlaps and holes.</summary>
    private void CheckPlaces()
    {
        var reached = 0L;
        foreach (var entry in Entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != reached)
                throw _file.Fail(
                    $"tensor '{entry.Name}'", $"begins at {entry.Begin}, where {reached} was wanted: tensors must neither overlap nor leave holes");
            reached = entry.End;
        }

        var bytes = _file.Length - DataOffset;
        if (reached != bytes) throw _file.Fail("", $"has {bytes} bytes of elements, but the header describes {reached}");
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string where, string key)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray, where, $"an array for {key}");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number))
                throw _file.Fail(where, $"{key} holds something that is not a 64-bit integer (header byte {reader.TokenStartIndex})");
            numbers.Add(number);
        }

        return numbers;
    }

    private static bool NextKey(ref Utf8JsonReader reader, out string key)
    {
        reader.Read();
        key = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString()! : "";
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type, string where, string wanted)
    {
        reader.Read();
        if (reader.TokenType != type)
            throw _file.Fail(where, $"has a {reader.TokenType} at header byte {reader.TokenStartIndex}; wanted {wanted}");
    }
}
