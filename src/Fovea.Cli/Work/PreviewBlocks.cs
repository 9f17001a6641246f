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

    /// <summary>The draws: the epoch of each, from 0, which of its repetitions it is, and whether the run ends before it.</summary>
    internal IReadOnlyList<(int Epoch, int Copy, bool IsPast)> Moments { get; } =
    [
        .. Enumerable.Range(0, draws).Select(draw => (Epoch: first + (draw / recipe.Augment.Repeats), Copy: draw % recipe.Augment.Repeats))
            .Select(at => (at.Epoch, at.Copy, at.Epoch >= recipe.Train.Epochs)),
    ];

    /// <summary>Each image as evaluation sees it, and then as training does.</summary>
    internal PreviewBlock Augmented(IReadOnlyList<int> chosen)
    {
        IReadOnlyList<string>[] columns = [["evaluation", Size(recipe.Data.ImageSize)], .. Moments.Select(Head)];
        return new("As evaluation sees them, and as training does", columns, [.. chosen.Select(Row)]);

        PreviewRow Row(int index)
        {
            Stop.ThrowIfCancellationRequested();
            return Named(
                index,
                [
                    new(preview.Evaluated(index, Middle), []),
                    .. Moments.Select(at => new PreviewTile(preview.Trained(index, at.Epoch, at.Copy), [])),
                ]);
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
            [.. all.Select(view => (string[])[string.Create(CultureInfo.InvariantCulture, $"view {view + 1}")])],
            [.. chosen.Take(rows).Select(index => Named(index, [.. all.Select(view => new PreviewTile(preview.Evaluated(index, view), []))]))]);
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
                    [.. mixed.Select(image => new PreviewTile(image, Lines(image))).Chunk(draws + 1).Select(tiles => new PreviewRow(tiles))]);
        }
    }

    /// <summary>The view that is the whole evaluation where there is one.</summary>
    private int Middle => recipe.Augment.Views is Fovea.Data.Augment.Views.FiveCrop or Fovea.Data.Augment.Views.TenCrop ? ViewPlan.Middle : 0;

    private string[] Head((int Epoch, int Copy, bool IsPast) at)
    {
        var name = recipe.Augment.Repeats == 1
            ? FormattableString.Invariant($"epoch {at.Epoch + 1}")
            : FormattableString.Invariant($"epoch {at.Epoch + 1}, draw {at.Copy + 1}");
        var size = Size(recipe.ImageSizeAt(at.Epoch));
        return at.IsPast ? [name, size, "after the end"] : [name, size];
    }

    private static string Size(int size) => FormattableString.Invariant($"{size}×{size}");

    private PreviewRow Named(int index, IReadOnlyList<PreviewTile> tiles) => new(tiles, images.ClassNames[images.Label(index)], images.Key(index));

    /// <summary>The shares of the classes of a mixed row; a class alone is named without.</summary>
    private string[] Lines(PreviewImage image) => image.Shares is [var alone]
        ? [images.ClassNames[alone.Class]]
        :
        [
            .. image.Shares.Take(MostShares).Select(
                share => string.Create(CultureInfo.InvariantCulture, $"{100 * share.Share:0.#} % {images.ClassNames[share.Class]}")),
        ];
}
