using System.Text.Json;
using Fovea.Data.Decoding;
using Fovea.Data.Parity;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Training.Parity;

/// <summary>Compares losses, schedules, optimisers, augmentation and RepOptimizers with fixtures of their public implementations.</summary>
public static class ComponentFixture
{
    private static readonly (Func<JsonElement, bool> Is, Func<JsonElement, IBackend, FixtureModels, IEnumerable<ComponentResult>> Compare)[] s_kinds =
    [
        (root => root.TryGetProperty("grad_mults", out _), (root, backend, models) => new RepOptCases(root, backend, models).Compare()),
        (root => HasCases(root) && root.TryGetProperty("problem", out _), (root, backend, _) => new OptimizerCases(root, backend).Compare()),
        (root => HasCases(root) && root.TryGetProperty("images", out _), (root, backend, _) =>
            AugmentFixture.Compare(root).Select(result => new ComponentResult(result.Id, result.Failure)).Concat(new TensorCases(root, backend).Compare())),
        (root => HasCases(root) && root.TryGetProperty("inputs", out _), (root, backend, _) => new LossCases(root, backend).Compare()),
        (root => HasCases(root) && root.GetProperty("cases")[0] is { ValueKind: JsonValueKind.Object } first && first.TryGetProperty("lr", out _),
            (root, _, _) => ScheduleCases.Compare(root)),
    ];

    /// <summary>Whether a text is a fixture of components, rather than one of something else.</summary>
    /// <param name="json">The text.</param>
    public static bool Covers(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && Array.Exists(s_kinds, kind => kind.Is(root));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Compares every case of a fixture.</summary>
    /// <param name="json">
    /// The text of the fixture: of RepOptimizers if it has <c>grad_mults</c>, of optimisers if it has a <c>problem</c>, of augmentation if it has
    /// <c>images</c>, of losses if it has <c>inputs</c>, of schedules if its cases have <c>lr</c>.
    /// </param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="backend">What computes all that is a graph.</param>
    /// <param name="models">The models that some cases are about.</param>
    /// <exception cref="ModelFormatException">The text is no such fixture; the message has the name.</exception>
    public static IReadOnlyList<ComponentResult> Compare(string json, string name, IBackend backend, FixtureModels models)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var kind = Array.Find(s_kinds, kind => root.ValueKind == JsonValueKind.Object && kind.Is(root));
            return Numbered((kind.Compare ?? throw new FormatException("it has none of the fields by which they are known"))(root, backend, models));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException
            or ShapeException or ArgumentException or IndexOutOfRangeException or ImageException or GraphException)
        {
            throw new ModelFormatException(name, "", $"no fixture of components: {e.Message}; wanted the fields that the fixtures' README lists", e);
        }
    }

    private static bool HasCases(JsonElement root) =>
        root.TryGetProperty("cases", out var cases) && cases is { ValueKind: JsonValueKind.Array } && cases.GetArrayLength() > 0;

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
