using System.Globalization;
using Fovea.Data.Augment;
using Fovea.Training.Recipes;

namespace Fovea.Auto;

/// <summary>How images are augmented: the more, the oftener a run sees each.</summary>
/// <param name="Options">The steps.</param>
/// <param name="Why">What it comes to, and why.</param>
/// <param name="IsWhole">Whether images are looked at whole, so that evaluation cuts nothing off either.</param>
internal sealed record Augmentation(AugmentOptions Options, string Why, bool IsWhole)
{
    private const int Often = 30;
    private const int VeryOften = 100;
    private const int FewImages = 20_000;
    private const int SomeOfAClass = 20;
    private const int LargestWhole = 64;

    /// <summary>None, for a classifier that learns from what a frozen backbone makes of each image.</summary>
    internal static Augmentation OfFeatures { get; } = new(
        new() { Transforms = [], Mixing = [] }, "none, so that what the frozen backbone makes of each image is computed once and kept", IsWhole: false);

    internal static Augmentation For(DataSummary data, int size, int epochs, int images)
    {
        List<Transform> steps = [];
        List<string> words = [];
        var isSmall = data.MedianSide <= 1.5 * size && size <= NetLadder.SmallSide;
        if (isSmall)
        {
            steps.Add(new RandomCrop { Padding = Math.Max(1, size / 8), Border = Border.Reflect });
            words.Add("shifts");
        }
        else
        {
            steps.Add(new RandomResizedCrop { MinScale = 0.5 });
            words.Add("random cuts");
        }

        var against = MirrorRule.Against(data);
        if (against is null)
        {
            steps.Add(new HorizontalFlip());
            words.Add("mirror images");
        }

        if (epochs >= Often)
        {
            steps.Add(new Cutout { Length = Math.Max(1, size / 4) });
            words.Add("squares cut out");
        }

        // It turns images far, and changes their colours: worth two to six points of small sets that are seen so often, and as many less of others.
        if (epochs >= VeryOften && against is null)
        {
            steps.Add(new TrivialAugmentWide());
            words.Add("trivial augment");
        }

        // Of one or a few images of a class, mixes of others leave too little.
        var mixes = epochs >= VeryOften && images < FewImages && images >= SomeOfAClass * data.ClassNames.Count;
        if (mixes) words.Add("cutmix");
        var why = string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", words)}, for {epochs} looks at each of {images} images{(against is null ? "" : $"; no mirror images, since {against}")}");
        return new(
            new()
            {
                Transforms = steps, Mixing = mixes ? [new CutMix { Probability = 0.5 }] : [], ScaledDecoding = data.MedianSide >= 2 * size,
            }, why, isSmall || size <= LargestWhole);
    }
}
