using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fovea.Models.Parity;

/// <summary>The JSON of fixtures, which has more fields than are read.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(FixtureFields))]
internal sealed partial class FixtureJson : JsonSerializerContext;

/// <summary>The fields of a <see cref="Fixture"/>.</summary>
internal sealed record FixtureFields(
    string Id, string Salt, int NumClasses, ImageFields Input, double WeightGain, long Params, long Macs, NormFields[] Norms, TensorFields[] Tensors,
    double[]?[] Logits, double[]?[] LogitsBlocks, DeviationFields Float32Deviation, string?[]?[]? KeyMap = null,
    double[]?[]? LogitsWithAliasSeeds = null, TrainFields? Train = null, DeployFields? Deploy = null);

/// <summary>The fields of images.</summary>
internal sealed record ImageFields(int[] Shape);

/// <summary>The fields of a <see cref="FixtureNorm"/>; a structure, so that none is null.</summary>
[method: JsonConstructor]
internal readonly record struct NormFields(string Type, double Eps, int Count, double? Momentum = null);

/// <summary>The fields of a <see cref="FixtureTensor"/>; a structure, so that none is null.</summary>
[method: JsonConstructor]
internal readonly record struct TensorFields(
    string Name, int[] Shape, string Fill, [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] ulong Seed, bool Trainable);

/// <summary>The fields of a <see cref="FixtureDeviation"/>.</summary>
internal sealed record DeviationFields(
    double TrainLogitsRelL2 = 0, double RunningL2WorstRel = 0, double GradL2MedianRel = 0, double GradL2WorstRel = 0);

/// <summary>The fields of a <see cref="FixtureTraining"/>.</summary>
internal sealed record TrainFields(
    ImageFields Input, int[] Labels, double[]?[] Logits, double Loss, double GradL2Total,
    Dictionary<string, double?> GradL2, Dictionary<string, double> RunningL2);

/// <summary>The fields of a <see cref="FixtureDeploy"/>; a tensor is an array of its name, its shape and its norm.</summary>
internal sealed record DeployFields(long Params, long Macs, JsonElement[]?[] Tensors, double[]?[] Logits);
