using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fovea.Naming;

namespace Fovea.Json;

/// <summary>Reads JSON by the contract of a type, and says what is wrong with it.</summary>
public static class JsonText
{
    private const int Shown = 40;

    /// <summary>What a text says.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="type">How it is read.</param>
    /// <exception cref="FormatException">
    /// The text is no JSON, has members too many or too few, or one of another type; the message says so, with its path and what stands there.
    /// </exception>
    public static T Read<T>(string text, string what, JsonTypeInfo<T> type)
        where T : class => Read(Encoding.UTF8.GetBytes(text), what, type);

    /// <inheritdoc cref="Read{T}(string, string, JsonTypeInfo{T})"/>
    public static T Read<T>(ReadOnlySpan<byte> text, string what, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new FormatException($"{what} cannot be read: it is null");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{what} cannot be read: {Place(text, e)}{Problem(e)}", e);
        }
    }

    /// <summary>The path of the member, and the text up to where reading has ended.</summary>
    private static string Place(ReadOnlySpan<byte> text, JsonException e)
    {
        if (e is not { LineNumber: { } line, BytePositionInLine: { } position }) return "";
        for (; line > 0; line--) text = text[(text.IndexOf((byte)'\n') + 1)..];
        var read = Encoding.UTF8.GetString(text[..(int)Math.Min(position, text.Length)]);
        return $"{Printable.Line(e.Path ?? "$")} at '{(read.Length > Shown ? "…" : "")}{Printable.Line(read[Math.Max(0, read.Length - Shown)..])}': ";
    }

    /// <summary>The message without the place, which it repeats.</summary>
    private static string Problem(JsonException e) =>
        e.Message.LastIndexOf(" Path: ", StringComparison.Ordinal) is var end and > 0 ? e.Message[..end].TrimEnd('.') : e.Message.TrimEnd('.');
}
