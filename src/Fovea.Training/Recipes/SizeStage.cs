using Fovea.Images;
using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>A part of a run whose training images have another size than the input: <c>{until: 0.4, image_size: 128}</c>.</summary>
public sealed record SizeStage : IOptions
{
    /// <summary>Where it ends, as a share of the epochs; above 0, at most 1, and above that of the stage before. Default 0.5.</summary>
    public double Until { get; init; } = 0.5;

    /// <summary>Rows and columns of its training images, where it begins; 1–8192. It has no default.</summary>
    public int ImageSize { get; init; }

    /// <summary>Whether the size grows evenly, from epoch to epoch, to that of what follows. Default false: it stays.</summary>
    public bool Ramp { get; init; }

    /// <summary>Sizes on the way are multiples of it; 1–512. Default 32.</summary>
    public int Multiple { get; init; } = 32;

    /// <inheritdoc/>
    public void Check(OptionChecks checks)
    {
        checks.Positive(Until, 1);
        checks.AtLeast(ImageSize, 1, Preprocessing.LargestSide);
        checks.AtLeast(Multiple, 1, 512);
    }

    /// <summary>The size of training images in an epoch.</summary>
    /// <param name="stages">The stages, in order.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="epochs">How many there are.</param>
    /// <param name="full">The size of the input, which holds after the last stage.</param>
    public static int At(IReadOnlyList<SizeStage> stages, int epoch, int epochs, int full)
    {
        var (share, from) = ((double)epoch / epochs, 0.0);
        for (var i = 0; i < stages.Count; i++)
        {
            var stage = stages[i];
            if (share < stage.Until) return stage.SizeAt((share - from) / (stage.Until - from), i + 1 < stages.Count ? stages[i + 1].ImageSize : full);
            from = stage.Until;
        }

        return full;
    }

    private int SizeAt(double part, int next) =>
        Ramp ? Math.Max(Multiple, (int)Math.Round((ImageSize + (part * (next - ImageSize))) / Multiple) * Multiple) : ImageSize;
}
