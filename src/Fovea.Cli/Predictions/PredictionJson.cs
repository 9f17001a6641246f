using System.Text.Json;

namespace Fovea.Cli.Predictions;

/// <summary>What came of an image as a JSON object: its path with predictions, the best first, or with what was wrong.</summary>
internal static class PredictionJson
{
    internal static void Write(Utf8JsonWriter json, ImagePrediction image, IReadOnlyList<string> names, int top)
    {
        json.WriteStartObject();
        json.WriteString("path", image.Path);
        if (image.Prediction is { } prediction) WriteClasses(json, prediction, names, top);
        else json.WriteString("error", image.Failure!.Message);
        json.WriteEndObject();
    }

    private static void WriteClasses(Utf8JsonWriter json, Prediction prediction, IReadOnlyList<string> names, int top)
    {
        json.WriteStartArray("predictions");
        foreach (var number in prediction.TopNumbers(top))
        {
            json.WriteStartObject();
            json.WriteNumber("class", number);
            json.WriteString("name", names[number]);
            json.WriteNumber("probability", prediction.Probabilities.Span[number]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
