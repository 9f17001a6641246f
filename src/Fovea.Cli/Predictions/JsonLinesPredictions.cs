using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fovea.Cli.Predictions;

/// <summary>JSON lines (jsonlines.org): one object on a line for each image, as <see cref="PredictionJson"/> has it.</summary>
internal sealed class JsonLinesPredictions(Action<string> write, IReadOnlyList<string> names, int top) : PredictionWriter(write)
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal override void Add(ImagePrediction image)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_options)) PredictionJson.Write(json, image, names, top);
        Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n");
    }
}
