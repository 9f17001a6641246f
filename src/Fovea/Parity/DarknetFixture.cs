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
    /// <param name="backend">What computes; null to compare only what follows from the cfg and the weights.</param>
    /// <param name="images">The folder with the pictures of the fixture; those that are not there fail.</param>
    /// <returns>A result for each part: <c>layers</c>, <c>table</c>, <c>tensors</c>, <c>weights</c>, <c>logits</c>, … and each picture.</returns>
    /// <exception cref="ModelFormatException">The text is no such fixture, or its cfg no network; the message has the name and the place.</exception>
    public static IReadOnlyList<ComponentResult> Compare(string json, string name, IBackend? backend, string images)
    {
        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            var root = new FixtureNode(document.RootElement);
            var id = root["id"].Text();
            var network = DarknetNetwork.Of(CfgFile.Parse(root[Cfg].Text(), $"{name} ({id}.cfg)"));
            foreach (var remark in new[] { "conv_bflops_note", "table_note", "salt", "batch_norm_inference" }) root.Remark(remark);
            var results = new DarknetStructure(root, network).Compare().ToList();
            if (root.Find("tensors") is not null)
            {
                var weights = new DarknetFixtureWeights(root, network);
                results.AddRange(weights.Compare());
                if (backend is not null) results.AddRange(new DarknetResults(root, network, weights.Tensors, backend, images).Compare());
                else foreach (var part in DarknetResults.Parts) root.Find(part)?.Close();
            }

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
}
