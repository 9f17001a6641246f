using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fovea.Data.Synth;

/// <summary>What the file in a folder of a drawn data set says.</summary>
internal sealed record SynthMarker(string Generator, int Version, int Classes, int Images, ulong Seed, double ValFraction);

/// <summary>The JSON of a <see cref="SynthMarker"/>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(SynthMarker))]
internal sealed partial class SynthJson : JsonSerializerContext;
