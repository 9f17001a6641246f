using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

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

    internal static string Strings(IReadOnlyList<string> strings) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var text in strings) json.WriteStringValue(text);
        json.WriteEndArray();
    });

    /// <summary>A number; null where it is not finite, which JSON cannot say.</summary>
    internal static void Number(this Utf8JsonWriter json, string name, double number)
    {
        if (double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
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

    internal static string[] Strings(this JsonElement json) => [.. json.EnumerateArray().Select(entry => entry.GetString() ?? throw new FormatException("a name is null"))];
}
