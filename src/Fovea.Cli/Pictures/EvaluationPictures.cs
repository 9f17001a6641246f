using System.Globalization;
using Fovea.Data.Augment;
using Fovea.Data.Sources;
using Fovea.Formats;
using Fovea.Training.Metrics;

namespace Fovea.Cli.Pictures;

/// <summary>What an evaluation found, in pictures: <c>confusion.png</c>, and <c>mistakes.png</c> if there are any.</summary>
internal static class EvaluationPictures
{
    /// <param name="folder">Where they are written; it exists.</param>
    /// <param name="what">What was evaluated; the titles say its top-1, too.</param>
    /// <param name="metrics">What was found.</param>
    /// <param name="images">The images.</param>
    /// <param name="pipeline">What evaluation makes of them.</param>
    internal static void Write(string folder, string what, EvaluationMetrics metrics, IImageSource images, ImagePipeline pipeline)
    {
        var title = string.Create(CultureInfo.InvariantCulture, $"{what}: top-1 {metrics.Top1:0.000}");
        Save(folder, "confusion.png", ConfusionPlot.Draw(metrics, title));
        var mistakes = Path.Combine(folder, "mistakes.png");
        if (metrics.Mistakes.Count > 0) Save(folder, "mistakes.png", MistakesSheet.Draw(metrics.Mistakes, images, pipeline, title));
        else File.Delete(mistakes);
    }

    internal static void Save(string folder, string name, byte[] png) => AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(png));
}
