using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Fovea.Formats;

/// <summary>Small JSON objects that files keep as strings.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_options)) write(json);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>What a text says.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="type">How it is read.</param>
    /// <exception cref="FormatException">The text is no JSON, has members too many or too few, or one of another type; the message says so.</exception>
    internal static T Read<T>(string text, string what, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new FormatException($"{what} cannot be read: it is null");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{what} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>What a text says.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="read">Takes it apart.</param>
    /// <exception cref="FormatException">The text is no JSON, or lacks or mistypes something; the message says so.</exception>
    internal static T Read<T>(string text, string what, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text, s_strict);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new FormatException($"{what} cannot be read: {e.Message}", e);
        }
    }

    internal static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");

    internal static double Number(this JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } number ? number.GetDouble() : double.NaN;
}
