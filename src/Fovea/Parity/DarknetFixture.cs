using System.Text.Json;
using Fovea.Darknet;
using Fovea.Darknet.Cfg;
using Fovea.Data.Parity;
using Fovea.Execution;
using Fovea.Formats;
using Fovea.Training.Parity;

namespace Fovea.Parity;

/// <summary>Compares networks of cfg files with fixtures of Darknet's programs: shapes, printed tables, tensors, files of weights, results of all layers.</summary>
public static class DarknetFixture
{
    private const string Cfg = "cfg_text";

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Whether a text is such a fixture.</summary>
    /// <param name="json">The text.</param>
    public static bool Covers(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(Cfg, out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Compares all that a fixture has.</summary>
    /// <param name="json">The text of the fixture.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="backend">What computes; null where <paramref name="parts"/> need nothing that does.</param>
    /// <param name="images">The folder with the pictures of the fixture in <c>images</c>; those that are not there fail.</param>
    /// <param name="parts">What is compared. Default all.</param>
    /// <returns>A result for each part: <c>layers</c>, <c>table</c>, <c>tensors</c>, <c>weights</c>, <c>logits</c>, … and each picture.</returns>
    /// <exception cref="ModelFormatException">The text is no such fixture, or its cfg no network; the message has the name and the place.</exception>
    public static IReadOnlyList<ComponentResult> Compare(string json, string name, IBackend? backend, string images, FixtureParts parts = FixtureParts.All)
    {
        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            var root = new FixtureNode(document.RootElement);
            var id = root["id"].Text();
            var network = DarknetNetwork.Of(CfgFile.Parse(root[Cfg].Text(), $"{name} ({id}.cfg)"));
            foreach (var remark in new[] { "conv_bflops_note", "table_note", "salt", "batch_norm_inference" }) root.Remark(remark);
            var results = new DarknetStructure(root, network).Compare().ToList();
            if (parts == FixtureParts.Structure) foreach (var part in DarknetFixtureWeights.Parts.Concat(DarknetResults.Parts)) root.Find(part)?.Close();
            else if (root.Find("tensors") is not null) results.AddRange(Computed(root, network, backend, images));
            results.AddRange(root.Unread().Select(field => new ComponentResult(field, "not known; wanted only what is compared")));
            return results;
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(name, "", $"no fixture of Darknet: {e.Message}; wanted JSON without repeated names", e);
        }
        catch (FixtureException e)
        {
            throw new ModelFormatException(name, e.Where, e.Problem, e);
        }
    }

    private static IEnumerable<ComponentResult> Computed(FixtureNode root, DarknetNetwork network, IBackend? backend, string images)
    {
        ArgumentNullException.ThrowIfNull(backend);
        var weights = new DarknetFixtureWeights(root, network);
        return weights.Compare().Concat(new DarknetResults(root, network, weights.Tensors, backend, images).Compare());
    }
}
