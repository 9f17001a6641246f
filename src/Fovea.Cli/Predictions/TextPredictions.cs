using System.Globalization;
using Fovea.Naming;

namespace Fovea.Cli.Predictions;

/// <summary>For people: the path of an image, below it its classes with their probabilities. Images that cannot be read are told elsewhere.</summary>
/// <param name="write">Takes the text.</param>
/// <param name="top">How many classes an image.</param>
/// <param name="nameWidth">The most characters of a class.</param>
internal sealed class TextPredictions(Action<string> write, int top, int nameWidth) : PredictionWriter(write)
{
    internal override void Add(ImagePrediction image)
    {
        if (image.Prediction is not { } prediction) return;
        Write($"{Printable.Of(image.Path)}\n");
        foreach (var (name, probability) in prediction.Top(top))
            Write(string.Create(CultureInfo.InvariantCulture, $"  {probability:F6}  {Printable.Short(name, nameWidth)}\n"));
    }
}
