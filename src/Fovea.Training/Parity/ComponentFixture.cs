using System.Text.Json;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Tensors;

namespace Fovea.Training.Parity;

/// <summary>Compares losses and schedules with fixtures of their public implementations.</summary>
public static class ComponentFixture
{
    /// <summary>Whether a text is a fixture of losses or schedules, rather than one of something else.</summary>
    /// <param name="json">The text.</param>
    public static bool Covers(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("cases", out var cases) && cases is { ValueKind: JsonValueKind.Array } && cases.GetArrayLength() > 0
                && (root.TryGetProperty("inputs", out _) || (cases[0].ValueKind == JsonValueKind.Object && cases[0].TryGetProperty("lr", out _)));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Compares every case of a fixture.</summary>
    /// <param name="json">The text of the fixture: of losses if it has <c>inputs</c> with <c>logits</c>, of schedules if its cases have <c>lr</c>.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="backend">What computes losses.</param>
    /// <exception cref="ModelFormatException">The text is no such fixture; the message has the name.</exception>
    public static IReadOnlyList<ComponentResult> Compare(string json, string name, IBackend backend)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return Numbered(root.TryGetProperty("inputs", out _) ? new LossCases(root, backend).Compare() : ScheduleCases.Compare(root));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException
            or ShapeException)
        {
            throw new ModelFormatException(name, "", $"no fixture of losses or schedules: {e.Message}; wanted the fields that the fixtures' README lists", e);
        }
    }

    private static List<ComponentResult> Numbered(IEnumerable<ComponentResult> results)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var numbered = new List<ComponentResult>();
        foreach (var result in results)
        {
            var count = seen[result.Id] = seen.GetValueOrDefault(result.Id) + 1;
            numbered.Add(count == 1 ? result : result with { Id = $"{result.Id}#{count}" });
        }

        return numbered;
    }
}
