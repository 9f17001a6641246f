using System.Globalization;
using System.Text.Json;
using Fovea.Models.Building;
using Fovea.Tensors;

namespace Fovea.Models.Parity;

/// <summary>Reads a model fixture from its JSON.</summary>
public static class FixtureReader
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelException">The file is no JSON, or a field is missing or of another kind; the message names the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Fixture Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Parse(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new ModelException($"{path}: no JSON: {e.Message}");
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            throw new ModelException($"{path}: no model fixture: {e.Message}; wanted the fields that the fixtures' README lists");
        }
    }

    private static Fixture Parse(JsonElement json) => new()
    {
        Id = Text(json, "id"),
        Salt = Text(json, "salt"),
        Classes = Field(json, "num_classes").GetInt32(),
        Input = ShapeOf(Field(Field(json, "input"), "shape")),
        WeightGain = Field(json, "weight_gain").GetDouble(),
        Params = Field(json, "params").GetInt64(),
        Macs = Field(json, "macs").GetInt64(),
        Norms = FixtureNorm.Ordered(Field(json, "norms").EnumerateArray().Select(Norm)),
        Tensors = [.. Field(json, "tensors").EnumerateArray().Select(Tensor)],
        Logits = Numbers(Field(json, "logits")),
        LogitsBlocks = Numbers(Field(json, "logits_blocks")),
        KeyMap = Optional(json, "key_map") is { } map ? [.. map.EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetString()!))] : [],
        LogitsWithAliasSeeds = Optional(json, "logits_with_alias_seeds") is { } alias ? Numbers(alias) : null,
        Float32Deviation = Deviation(Field(json, "float32_deviation")),
        Training = Optional(json, "train") is { } train ? Training(train) : null,
        Deploy = Optional(json, "deploy") is { } deploy ? Deploy(deploy) : null,
    };

    private static FixtureNorm Norm(JsonElement json) =>
        new(Text(json, "type"), Field(json, "eps").GetDouble(), Optional(json, "momentum")?.GetDouble(), Field(json, "count").GetInt32());

    private static FixtureTensor Tensor(JsonElement json) => new(
        Text(json, "name"),
        ShapeOf(Field(json, "shape")),
        Text(json, "fill"),
        ulong.Parse(Text(json, "seed"), CultureInfo.InvariantCulture),
        Field(json, "trainable").GetBoolean());

    private static FixtureDeviation Deviation(JsonElement json)
    {
        double Number(string name) => Optional(json, name)?.GetDouble() ?? 0;
        return new(Number("train_logits_rel_l2"), Number("running_l2_worst_rel"), Number("grad_l2_median_rel"), Number("grad_l2_worst_rel"));
    }

    private static FixtureTraining Training(JsonElement json) => new()
    {
        Input = ShapeOf(Field(Field(json, "input"), "shape")),
        Labels = [.. Field(json, "labels").EnumerateArray().Select(label => label.GetInt32())],
        Logits = Numbers(Field(json, "logits")),
        Loss = Field(json, "loss").GetDouble(),
        GradientTotal = Field(json, "grad_l2_total").GetDouble(),
        Gradients = Field(json, "grad_l2").EnumerateObject().ToDictionary(
            entry => entry.Name, entry => entry.Value.ValueKind == JsonValueKind.Null ? (double?)null : entry.Value.GetDouble()),
        Running = Field(json, "running_l2").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetDouble()),
    };

    private static FixtureDeploy Deploy(JsonElement json) => new()
    {
        Params = Field(json, "params").GetInt64(),
        Macs = Field(json, "macs").GetInt64(),
        Tensors = [.. Field(json, "tensors").EnumerateArray().Select(tensor => (tensor[0].GetString()!, ShapeOf(tensor[1]), tensor[2].GetDouble()))],
        Logits = Numbers(Field(json, "logits")),
    };

    private static JsonElement Field(JsonElement json, string name) => Optional(json, name) ?? throw new FormatException($"the field '{name}' is missing");

    private static JsonElement? Optional(JsonElement json, string name) =>
        json.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    private static string Text(JsonElement json, string name) => Field(json, name).GetString()!;

    private static Shape ShapeOf(JsonElement json) => new(json.EnumerateArray().Select(extent => extent.GetInt32()).ToArray());

    private static double[] Numbers(JsonElement rows) =>
        [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(number => number.GetDouble())];
}
