using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fovea.Json;

namespace Fovea.Formats.Artefact;

/// <summary>The JSON objects that files keep as strings: members in snake_case, all of them, each once, and no others.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 8, Converters = [typeof(NaNAsNull)])]
[JsonSerializable(typeof(ProofJson))]
[JsonSerializable(typeof(PreprocessingJson.Fields))]
[JsonSerializable(typeof(ValidationSplit))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class FormatsJson : JsonSerializerContext
{
    private static FormatsJson? s_plain;

    /// <summary>The context that writes names of any script as they are.</summary>
    internal static FormatsJson Plain => s_plain ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
