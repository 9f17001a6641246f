using System.Text.Json;

namespace Fovea.Training.Parity;

/// <summary>How numbers are read from a fixture.</summary>
internal static class CaseJson
{
    internal static string Name(this JsonElement entry) => entry.GetProperty("name").GetString() ?? throw new FormatException("a case has no name");

    internal static double Number(this JsonElement json, string name) => json.GetProperty(name).GetDouble();

    internal static double Number(this JsonElement json, string name, double otherwise) =>
        json.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;

    internal static bool Flag(this JsonElement json, string name, bool otherwise) =>
        json.TryGetProperty(name, out var value) ? value.GetBoolean() : otherwise;

    /// <summary>All numbers of nested lists, row by row.</summary>
    internal static double[] Numbers(this JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray().SelectMany(Numbers)] : [json.GetDouble()];

    internal static double[] Numbers(this JsonElement json, string name) => json.GetProperty(name).Numbers();

    internal static int[] Integers(this JsonElement json, string name) => [.. json.Numbers(name).Select(number => checked((int)number))];
}
