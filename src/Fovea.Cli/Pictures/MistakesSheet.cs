using System.Globalization;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sources;
using Fovea.Naming;
using Fovea.Training.Metrics;

namespace Fovea.Cli.Pictures;

/// <summary>The mistakes of which a model was surest, as a sheet of pictures: often the labels are wrong.</summary>
internal static class MistakesSheet
{
    private const int MostColumns = 6;
    private const int LongestName = 40;

    /// <param name="mistakes">The mistakes; one at least.</param>
    /// <param name="images">The images that were evaluated.</param>
    /// <param name="pipeline">What evaluation makes of them.</param>
    /// <param name="title">What was evaluated.</param>
    internal static byte[] Draw(IReadOnlyList<Mistake> mistakes, IImageSource images, ImagePipeline pipeline, string title)
    {
        using var preview = new AugmentationPreview(images, pipeline, pipeline, new LoaderOptions { IsTraining = false });
        PreviewTile Tile(Mistake mistake) => new(preview.Evaluated(mistake.Image),
        [
            Line("is", images.ClassNames[mistake.Actual], mistake.ActualProbability),
            Line("said", images.ClassNames[mistake.Predicted], mistake.Probability),
        ], Path.GetFileName(images.Path(mistake.Image)));
        // Rows as equal as they can be.
        var rows = (mistakes.Count + MostColumns - 1) / MostColumns;
        var columns = (mistakes.Count + rows - 1) / rows;
        var block = new PreviewBlock("The surest mistakes", [], [.. mistakes.Select(Tile).Chunk(columns).Select(tiles => new PreviewRow(tiles))]);
        return PreviewSheet.Draw(title, "what each image is and what it was taken for, with the probabilities of both; look for wrong labels", [block]);

        static string Line(string word, string name, double probability) =>
            string.Create(CultureInfo.InvariantCulture, $"{word} {Printable.Short(name, LongestName)} ({100 * probability:0.#} %)");
    }
}
