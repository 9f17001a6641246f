using System.Globalization;
using Fovea.Cli.Pictures;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sources;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>What a sheet shows of a recipe: images with their draws, views in evaluation, mixed rows.</summary>
/// <param name="preview">Makes the pictures.</param>
/// <param name="images">The training images.</param>
/// <param name="recipe">The recipe, resolved.</param>
/// <param name="draws">How often each image is drawn.</param>
/// <param name="first">The epoch of the first draw, from 0.</param>
internal sealed class PreviewBlocks(AugmentationPreview preview, IImageSource images, TrainRecipe recipe, int draws, int first)
{
    private const int MostShares = 4;

    internal CancellationToken Stop { get; init; }

    /// <summary>Each image as evaluation sees it, and then as training does.</summary>
    internal PreviewBlock Augmented(IReadOnlyList<int> chosen)
    {
        var repeats = recipe.Augment.Repeats;
        var moments = Enumerable.Range(0, draws).Select(draw => (Epoch: first + (draw / repeats), Copy: draw % repeats)).ToArray();
        string[] columns = ["evaluation", .. moments.Select(at => Name(at.Epoch, at.Copy))];
        return new("As evaluation sees them, and as training does", columns, [.. chosen.Select(Row)]);

        PreviewTile[] Row(int index)
        {
            Stop.ThrowIfCancellationRequested();
            string[] lines = [images.ClassNames[images.Label(index)]];
            return [new(preview.Evaluated(index, Middle), lines), .. moments.Select(at => new PreviewTile(preview.Trained(index, at.Epoch, at.Copy), []))];
        }
    }

    /// <summary>The views of the first images, where evaluation looks at several.</summary>
    internal IEnumerable<PreviewBlock> Views(IReadOnlyList<int> chosen, int rows)
    {
        var views = recipe.Augment.Views;
        if (views == Fovea.Data.Augment.Views.One) yield break;
        var all = Enumerable.Range(0, views.Count()).ToArray();
        yield return new(
            $"views in evaluation: {Options.OptionNames.SnakeCase(views.ToString())}",
            [.. all.Select(view => string.Create(CultureInfo.InvariantCulture, $"view {view + 1}"))],
            [.. chosen.Take(rows).Select(index => all.Select(view => new PreviewTile(preview.Evaluated(index, view), [])).ToArray())]);
    }

    /// <summary>Rows of the first batch that each mixer mixes, with the shares of classes beneath.</summary>
    /// <param name="rows">How many rows of pictures.</param>
    /// <param name="warn">Told of mixers that have no batch in the epoch.</param>
    internal IEnumerable<PreviewBlock> Mixed(int rows, Action<string> warn)
    {
        for (var i = 0; i < recipe.Augment.Mixing.Count; i++)
        {
            var mixed = preview.Mixed(i, first, rows * (draws + 1), out var batch, Stop);
            var kind = recipe.Augment.Mixing[i].Kind;
            if (batch < 0) warn(string.Create(CultureInfo.InvariantCulture, $"{kind}: no batch of epoch {first + 1} is mixed so; wanted another --epoch"));
            else
                yield return new(
                    string.Create(CultureInfo.InvariantCulture, $"{kind}, batch {batch + 1} of epoch {first + 1}"), [],
                    [.. mixed.Select(image => new PreviewTile(image, Lines(image))).Chunk(draws + 1)]);
        }
    }

    /// <summary>The view that is the whole evaluation where there is one.</summary>
    private int Middle => recipe.Augment.Views is Fovea.Data.Augment.Views.FiveCrop or Fovea.Data.Augment.Views.TenCrop ? ViewPlan.Middle : 0;

    private string Name(int epoch, int copy) => recipe.Augment.Repeats == 1
        ? FormattableString.Invariant($"epoch {epoch + 1}")
        : FormattableString.Invariant($"epoch {epoch + 1}, draw {copy + 1}");

    private string[] Lines(PreviewImage image) =>
    [
        .. image.Shares.Take(MostShares).Select(
            share => string.Create(CultureInfo.InvariantCulture, $"{100 * share.Share:0.#} % {images.ClassNames[share.Class]}")),
    ];
}
