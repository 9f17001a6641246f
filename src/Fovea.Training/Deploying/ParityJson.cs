using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fovea.Training.Deploying;

/// <summary>An <see cref="ExportParity"/> as the JSON that stands in the exported file.</summary>
internal sealed record ParityFigures(string Backend, int Images, double Tolerance, double LargestDifference, double RelativeError, int ChangedTop1)
{
    internal static string Of(ExportParity parity) => JsonSerializer.Serialize(
        new(parity.Backend, parity.Images, parity.Tolerance, parity.Logits.Largest, parity.Logits.Relative, parity.ChangedTop1),
        ParityJson.Default.ParityFigures);
}

/// <inheritdoc cref="ParityFigures"/>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ParityFigures))]
internal sealed partial class ParityJson : JsonSerializerContext;
