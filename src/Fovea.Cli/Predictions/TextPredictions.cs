using System.Globalization;
using Fovea.Naming;

namespace Fovea.Cli.Predictions;

/// <summary>For people: the path of an image, below it its classes with their probabilities. Images that cannot be read are told elsewhere.</summary>
internal sealed class TextPredictions(Action<string> write, int top) : PredictionWriter(write)
{
    internal override void Add(ImagePrediction image)
    {
        if (image.Prediction is not { } prediction) return;
        Write($"{Printable.Of(image.Path)}\n");
        foreach (var (name, probability) in prediction.Top(top))
            Write(string.Create(CultureInfo.InvariantCulture, $"  {probability:F6}  {Printable.Of(name)}\n"));
    }
}
