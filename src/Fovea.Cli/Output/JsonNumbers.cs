using System.Text.Json;

namespace Fovea.Cli.Output;

/// <summary>Numbers that may be none.</summary>
internal static class JsonNumbers
{
    /// <summary>A number, or null where it is not finite: JSON has no words for NaN and infinity.</summary>
    internal static void Write(Utf8JsonWriter json, string name, double number)
    {
        if (double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
