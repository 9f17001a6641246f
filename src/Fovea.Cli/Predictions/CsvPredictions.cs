using System.Globalization;

namespace Fovea.Cli.Predictions;

/// <summary>
/// Comma-separated values (RFC 4180, lines end in LF): a head line, then a line for each image: path, then the best classes with their probabilities, 0–1,
/// then what was wrong with the image, empty if nothing.
/// </summary>
internal sealed class CsvPredictions(Action<string> write, int top) : PredictionWriter(write)
{
    internal override void Begin() =>
        Line(["path", .. Enumerable.Range(1, top).SelectMany(rank => (string[])[$"class_{rank}", $"probability_{rank}"]), "error"]);

    internal override void Add(ImagePrediction image)
    {
        var cells = image.Prediction is { } prediction
            ? prediction.Top(top).SelectMany(row => (string[])[row.Class, row.Probability.ToString("F6", CultureInfo.InvariantCulture)])
            : Enumerable.Repeat("", 2 * top);
        Line([image.Path, .. cells, image.Failure?.Message ?? ""]);
    }

    private void Line(IEnumerable<string> cells) => Write(string.Join(',', cells.Select(Quoted)) + "\n");

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") >= 0 || cell != cell.Trim() ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
