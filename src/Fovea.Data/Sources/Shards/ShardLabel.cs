using System.Text;
using System.Text.Json;
using Fovea.Naming;

namespace Fovea.Data.Sources.Shards;

/// <summary>The class of a sample, as the members beside its image say it.</summary>
internal static class ShardLabel
{
    /// <summary>The most bytes of such a member.</summary>
    public const int MostBytes = 1 << 20;

    // In the order in which they are preferred: a name of a class rather than its number.
    private static readonly string[] s_members = ["class_name", "label_name", "class", "label", "cls", "category", "target", "class_id", "label_id"];

    /// <summary>Whether a member with this ending tells the class; the smaller, the sooner it is believed.</summary>
    public static int? Rank(string ending) => ending.ToLowerInvariant() switch
    {
        "cls" => 0,
        "cls.txt" or "class" or "label" => 1,
        "json" => 2,
        _ => null,
    };

    /// <summary>The class; null if a JSON object does not say it.</summary>
    /// <param name="where">The member, for messages.</param>
    /// <param name="ending">How its name ends.</param>
    /// <param name="bytes">What it holds.</param>
    /// <exception cref="DataException">It holds no text, or no JSON object.</exception>
    public static string? Of(string where, string ending, ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (Rank(ending) == 2) return InJson(where, bytes);
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).Trim();
            return text.Length > 0 ? text : throw new DataException(where, "it is empty", "the number or the name of a class");
        }
        catch (Exception e) when (e is DecoderFallbackException or JsonException or InvalidOperationException)
        {
            throw new DataException(where, $"it cannot be read ({Printable.Line(e.Message)})", Rank(ending) == 2 ? "a JSON object" : "text in UTF-8", e);
        }
    }

    private static string? InJson(string where, ReadOnlySpan<byte> bytes)
    {
        using var json = JsonDocument.Parse(bytes.ToArray());
        if (json.RootElement.ValueKind != JsonValueKind.Object) throw new DataException(where, $"it holds {json.RootElement.ValueKind}", "a JSON object");
        foreach (var name in s_members)
        {
            if (!json.RootElement.TryGetProperty(name, out var value)) continue;
            if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text) return text;
            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _)) return value.GetRawText();
        }

        return null;
    }
}
