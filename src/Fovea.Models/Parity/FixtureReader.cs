using System.Text.Json;
using Fovea.Json;
using Fovea.Models.Building;
using Fovea.Tensors;

namespace Fovea.Models.Parity;

/// <summary>Reads a model fixture from its JSON.</summary>
public static class FixtureReader
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelException">The file is no JSON, or a field is missing or of another kind; the message names the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Fixture Read(string path) => Read(File.ReadAllText(path), path);

    /// <summary>Reads the text of a file; <paramref name="name"/> is what to call it in messages.</summary>
    /// <exception cref="ModelException">The text is no JSON, or a field is missing or of another kind; the message has the name.</exception>
    public static Fixture Read(string json, string name)
    {
        try
        {
            return Of(JsonText.Read(json, "its JSON", FixtureJson.Default.FixtureFields));
        }
        catch (Exception e) when (e is FormatException or JsonException or ShapeException)
        {
            throw new ModelException($"{name}: no model fixture: {e.Message}; wanted the fields that the fixtures' README lists");
        }
    }

    private static Fixture Of(FixtureFields fields) => new()
    {
        Id = fields.Id,
        Salt = fields.Salt,
        Classes = fields.NumClasses,
        Input = new(fields.Input.Shape),
        WeightGain = fields.WeightGain,
        Params = fields.Params,
        Macs = fields.Macs,
        Norms = FixtureNorm.Ordered(fields.Norms.Select(norm => new FixtureNorm(norm.Type, norm.Eps, norm.Momentum, norm.Count))),
        Tensors = [.. fields.Tensors.Select(tensor => new FixtureTensor(tensor.Name, new(tensor.Shape), tensor.Fill, tensor.Seed, tensor.Trainable))],
        Logits = Numbers(fields.Logits),
        LogitsBlocks = Numbers(fields.LogitsBlocks),
        KeyMap = [.. (fields.KeyMap ?? []).Select(Pair)],
        LogitsWithAliasSeeds = fields.LogitsWithAliasSeeds is { } alias ? Numbers(alias) : null,
        Float32Deviation = Deviation(fields.Float32Deviation),
        Training = fields.Train is { } train ? Training(train) : null,
        Deploy = fields.Deploy is { } deploy ? Deploy(deploy) : null,
    };

    private static (string Name, string Alias) Pair(string?[]? pair) =>
        pair is [{ } name, { } alias] ? (name, alias) : throw new FormatException("key_map holds no pairs of names");

    private static FixtureDeviation Deviation(DeviationFields fields) =>
        new(fields.TrainLogitsRelL2, fields.RunningL2WorstRel, fields.GradL2MedianRel, fields.GradL2WorstRel);

    private static FixtureTraining Training(TrainFields fields) => new()
    {
        Input = new(fields.Input.Shape),
        Labels = fields.Labels,
        Logits = Numbers(fields.Logits),
        Loss = fields.Loss,
        GradientTotal = fields.GradL2Total,
        Gradients = fields.GradL2,
        Running = fields.RunningL2,
    };

    private static FixtureDeploy Deploy(DeployFields fields) => new()
    {
        Params = fields.Params,
        Macs = fields.Macs,
        Tensors = [.. fields.Tensors.Select(Tensor)],
        Logits = Numbers(fields.Logits),
    };

    private static (string Name, Shape Shape, double Norm) Tensor(JsonElement[]? row) =>
        row is [{ ValueKind: JsonValueKind.String } name, { ValueKind: JsonValueKind.Array } shape, { ValueKind: JsonValueKind.Number } norm]
            ? (name.GetString()!, new(shape.Deserialize(FixtureJson.Default.Int32Array)), norm.GetDouble())
            : throw new FormatException("deploy.tensors holds no rows of name, shape and norm");

    private static double[] Numbers(double[]?[] rows) => [.. rows.SelectMany(row => row ?? throw new FormatException("a row of logits is null"))];
}
