using System.Globalization;
using System.Text;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Formats.Checksums;
using Fovea.Formats.Safetensors;
using Fovea.Tensors;

namespace Fovea.Hostile.Subjects;

/// <summary>Artefacts: graph, weights, card and proof, with the checksum of what they hold.</summary>
public sealed class FoveaFiles : Subject
{
    /// <inheritdoc/>
    public override string Name => "fovea";

    /// <inheritdoc/>
    public override byte[] Make(Choices choices)
    {
        var (classes, channels, height, width) = (choices.Extent(), choices.Extent(), choices.Extent(), choices.Extent());
        var maker = new GraphMaker(choices);
        var graph = maker.Classifier($"f32[1, {channels}, {height}, {width}]", classes);
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["fovea.kind"] = choices.Wrong(40) ? choices.Name("model 1", "model 2", "checkpoint 1") : "model 1",
            ["fovea.graph"] = graph,
            ["fovea.model"] = choices.Name("tiny"),
            ["fovea.classes"] = Classes(choices, classes),
            ["fovea.preprocessing"] = Preprocessing(choices, channels, height, width),
            ["fovea.tool_version"] = "0.1.0",
        };
        if (choices.OneIn(3)) metadata["fovea.proof"] = Proof(choices);
        if (choices.Wrong(60)) metadata.Remove(choices.Of(metadata.Keys.ToArray()));
        var tensors = maker.Weights.Where(_ => !choices.Wrong(40)).Select(weight => (weight.Label, Tensor(weight.Type, choices))).ToList();
        if (choices.Wrong(40)) tensors.Add(("extra", new HostTensor(TensorType.F32(1))));
        metadata["fovea.sha256"] = ContentSum.Of(metadata, tensors);
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    /// <inheritdoc/>
    public override void Read(byte[] file)
    {
        var model = FoveaFile.Read(new MemoryStream(file), "hostile.fovea");
        Runs.Run(model.GraphFor(1));
        Runs.Run(model.GraphFor(3));
    }

    /// <inheritdoc/>
    public override bool Refuses(Exception failure) => failure is ModelFormatException || Runs.Refuses(failure);

    private static HostTensor Tensor(TensorType type, Choices choices) =>
        choices.Wrong(40) ? new HostTensor(TensorType.F32(choices.Extent())) : new HostTensor(type);

    private static string Classes(Choices choices, int count)
    {
        var names = Enumerable.Range(0, count).Select(i => choices.Wrong(30) ? "\"same\"" : string.Create(CultureInfo.InvariantCulture, $"\"class {i}\""));
        return Json($"[{string.Join(',', names)}]", choices);
    }

    private static string Preprocessing(Choices choices, int channels, int height, int width)
    {
        string Number(int right) => (choices.Wrong(40) ? choices.Number() : right).ToString(CultureInfo.InvariantCulture);
        string Value(string right) => choices.Wrong(60) ? choices.Of("-1", "0", "1e999", "1e-320", "null", "\"x\"") : right;
        string Numbers(string right) =>
            $"[{string.Join(',', Enumerable.Range(0, choices.Wrong(40) ? channels + 1 : channels).Select(_ => Value(right)))}]";
        return Json($$"""
            {"width":{{Number(width)}},"height":{{Number(height)}},"shorter_side":{{(choices.OneIn(3) ? Number(9) : "null")}},"crop_fraction":1,
            "interpolation":"bilinear","mean":{{Numbers("0.5")}},"std":{{Numbers("0.25")}}}
            """, choices);
    }

    private static string Proof(Choices choices)
    {
        string Number(string right) => choices.Wrong(10) ? choices.Of("-1", "1e999", "null", "4294967296", "\"x\"", "[]", "{}") : right;
        return Json($$"""
            {"backend":"x","images":{{Number("8")}},"tolerance":{{Number("1e-4")}},"passed":true,"logits":{"largest_difference":{{Number("0")}},"relative_error":{{Number("0")}}},
            "changed_top1":{{Number("0")}},"blocks":[{"path":"a","largest_difference":{{Number("0")}},"relative_error":{{Number("0")}}}]}
            """, choices);
    }

    /// <summary>A text of JSON, nested, cut or doubled now and then.</summary>
    private static string Json(string right, Choices choices)
    {
        if (!choices.Wrong(40)) return right;
        return choices.Below(5) switch
        {
            0 => new string('[', 10_000),
            1 => right[..^1],
            2 => right + right,
            3 => string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "1" + new string('}', 5_000),
            _ => new StringBuilder(right).Insert(1, "\"width\":1,").ToString(),
        };
    }
}
