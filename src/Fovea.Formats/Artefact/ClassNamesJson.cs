using System.Text.Json;
using Fovea.Json;

namespace Fovea.Formats.Artefact;

/// <summary>The names of classes, by number, as the JSON array that travels with a model.</summary>
public static class ClassNamesJson
{
    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no array of strings.</exception>
    public static string[] Read(string text) => Array.ConvertAll<string?, string>(
        JsonText.Read(text, "the class names", FormatsJson.Plain.StringArray),
        name => name ?? throw new FormatException("the class names cannot be read: one of them is null"));

    /// <summary>The JSON array.</summary>
    public static string Write(IReadOnlyList<string> names) => JsonSerializer.Serialize([.. names], FormatsJson.Plain.StringArray);
}
