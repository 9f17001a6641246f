using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Fovea.Formats.Artefact;

/// <summary>Small JSON objects that files keep as strings.</summary>
internal static class JsonText
{
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
}
