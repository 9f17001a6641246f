using System.Text.Json;
using Fovea.Data.Parity;
using Fovea.Execution;
using Fovea.Formats;

namespace Fovea.Training.Parity;

/// <summary>Compares losses, schedules, optimisers, augmentation and RepOptimizers with fixtures of their public implementations.</summary>
public static class ComponentFixture
{
    /// <summary>What each kind is known by, in the order in which they are asked.</summary>
    private static readonly (string[] Fields, Func<FixtureNode, IBackend, FixtureModels, IEnumerable<ComponentResult>> Compare)[] s_kinds =
    [
        (RepOptCases.Sections, (root, backend, models) => new RepOptCases(root, backend, models).Compare()),
        (["problem"], (root, backend, _) => new OptimizerCases(root, backend).Compare()),
        (["images"], (root, backend, _) =>
            AugmentFixture.Compare(root).Select(result => new ComponentResult(result.Id, result.Failure)).Concat(new TensorCases(root, backend).Compare())),
        (["inputs"], (root, backend, _) => new LossCases(root, backend).Compare()),
        (["cases"], (root, _, _) => new ScheduleCases(root).Compare()),
    ];

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Whether a text is a fixture of components, rather than one of something else.</summary>
    /// <param name="json">The text.</param>
    public static bool Covers(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && s_kinds.SelectMany(kind => kind.Fields).Any(field => root.TryGetProperty(field, out _));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Compares every case of a fixture.</summary>
    /// <remarks>
    /// All that a fixture has is compared or taken into account: a field or an option that is not known fails its case, or is a failed result by its own name
    /// where it belongs to none. Texts for readers (<c>note</c>, <c>source</c>) are the exception.
    /// </remarks>
    /// <param name="json">
    /// The text of the fixture: of RepOptimizers if it has <c>grad_mults</c>, <c>reinitialize</c>, <c>runs</c> or <c>published_scale_files</c>, of optimisers
    /// if it has a <c>problem</c>, of augmentation if it has <c>images</c>, of losses if it has <c>inputs</c>, else of schedules if it has <c>cases</c>.
    /// </param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="backend">What computes all that is a graph.</param>
    /// <param name="models">The models that some cases are about.</param>
    /// <returns>At least one result.</returns>
    /// <exception cref="ModelFormatException">
    /// The text is no such fixture, or a field is missing, empty or of another kind; the message has the name, the case and the field.
    /// </exception>
    public static IReadOnlyList<ComponentResult> Compare(string json, string name, IBackend backend, FixtureModels models)
    {
        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            var root = new FixtureNode(document.RootElement);
            var kind = Array.Find(s_kinds, kind => kind.Fields.Any(field => root.Find(field) is not null));
            if (kind.Compare is null) throw root.Wrong($"has none of {string.Join(", ", s_kinds.SelectMany(kind => kind.Fields))}");
            var results = kind.Compare(root, backend, models).ToList();
            CheckSource(root);
            results.AddRange(root.Unread().Select(field => new ComponentResult(field, "not known; wanted only what is compared")));
            return Numbered(results);
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(name, "", $"no fixture of components: {e.Message}; wanted JSON without repeated names", e);
        }
        catch (FixtureException e)
        {
            var problem = e.Where.Length == 0 ? $"no fixture of components: {e.Problem}; wanted the fields that the fixtures' README lists" : e.Problem;
            throw new ModelFormatException(name, e.Where, problem, e);
        }
    }

    /// <summary>Takes what tells where a fixture comes from as commentary.</summary>
    private static void CheckSource(FixtureNode root)
    {
        root.Remark("salt");
        if (root.Find("source") is not { } source) return;
        foreach (var (_, version) in source.Fields) version.Text();
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
