using System.Text.Json;
using System.Text.Json.Serialization;
using Fovea.Training.State;

namespace Fovea.Training.Checkpoints;

/// <summary>The JSON that checkpoints keep.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(RunState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
