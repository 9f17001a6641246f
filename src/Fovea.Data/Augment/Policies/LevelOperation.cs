using Fovea.Data.Augment.Pixels;

namespace Fovea.Data.Augment;

/// <summary>An operation whose magnitude follows from a level of 0 to 10, as in timm.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Magnitude">That of a level, as a share of 10; it may take either side.</param>
internal sealed record LevelOperation(Operation Operation, LevelMagnitude? Magnitude = null)
{
    private const double Levels = 10;

    /// <summary>Those of RandAugment.</summary>
    public static IReadOnlyList<LevelOperation> Usual { get; } =
    [
        new(Operation.AutoContrast), new(Operation.Equalize), new(Operation.Invert), Turning, Keeping, Clearing, Adding,
        new(Operation.Color, Enhanced), new(Operation.Contrast, Enhanced), new(Operation.Brightness, Enhanced), new(Operation.Sharpness, Enhanced),
        .. Moving,
    ];

    /// <summary>Those of RandAugment that grow with the level.</summary>
    public static IReadOnlyList<LevelOperation> Increasing { get; } =
    [
        new(Operation.AutoContrast), new(Operation.Equalize), new(Operation.Invert), Turning, Posterizing, Solarizing, Adding, .. Enhancing, .. Moving,
    ];

    /// <summary>Those of AugMix.</summary>
    public static IReadOnlyList<LevelOperation> Mixing { get; } =
        [new(Operation.AutoContrast), .. Enhancing, new(Operation.Equalize), Turning, Posterizing, Solarizing, .. Moving];

    /// <summary>Posterises by 4 to 8 bits, as in AutoAugment's paper.</summary>
    public static LevelOperation PosterizeOriginal { get; } =
        new(Operation.Posterize, static (double level, ref Draws _) => Math.Min((int)(level * 4) + 4, 8));

    /// <summary>Posterises the more the higher the level, from 4 bits down.</summary>
    public static LevelOperation PosterizeIncreasing => Posterizing;

    /// <summary>The steps of 3-Augment, all of full level there.</summary>
    public static LevelOperation Solarize => Clearing;

    /// <inheritdoc cref="Solarize"/>
    public static LevelOperation Desaturate { get; } = new(Operation.Color, static (double level, ref Draws _) => -Math.Min(level, 1));

    /// <inheritdoc cref="Solarize"/>
    public static LevelOperation GaussianBlurRand { get; } =
        new(Operation.GaussianBlur, static (double level, ref Draws draws) => Math.Max(draws.Uniform(0.1, 2 * level), 0.01));

    /// <summary>The one of RandAugment's of a name.</summary>
    public static LevelOperation OfName(string name) => Usual.First(one => one.Operation.Name == name);

    private static LevelOperation Keeping => new(Operation.Posterize, static (double level, ref Draws _) => (int)(level * 4));

    private static LevelOperation Clearing => new(Operation.Solarize, static (double level, ref Draws _) => Math.Min((int)(level * 256), 256));

    private static LevelOperation Turning => new(Operation.Rotate, static (double level, ref Draws draws) => Either(level * 30, ref draws));

    private static LevelOperation Posterizing => new(Operation.Posterize, static (double level, ref Draws _) => 4 - (int)(level * 4));

    private static LevelOperation Solarizing => new(Operation.Solarize, static (double level, ref Draws _) => 256 - Math.Min((int)(level * 256), 256));

    private static LevelOperation Adding => new(Operation.SolarizeAdd, static (double level, ref Draws _) => Math.Min((int)(level * 110), 128));

    private static LevelOperation[] Enhancing =>
    [
        new(Operation.Color, MoreEnhanced), new(Operation.Contrast, MoreEnhanced), new(Operation.Brightness, MoreEnhanced),
        new(Operation.Sharpness, MoreEnhanced),
    ];

    private static LevelOperation[] Moving =>
    [
        new(Operation.ShearXRaw, static (double level, ref Draws draws) => Either(level * 0.3, ref draws)),
        new(Operation.ShearYRaw, static (double level, ref Draws draws) => Either(level * 0.3, ref draws)),
        new(Operation.TranslateXRel, static (double level, ref Draws draws) => Either(level * 0.45, ref draws)),
        new(Operation.TranslateYRel, static (double level, ref Draws draws) => Either(level * 0.45, ref draws)),
    ];

    /// <summary>Does it to an image.</summary>
    /// <param name="canvas">The image; what comes from outside of it has the mean colour.</param>
    /// <param name="magnitude">The level, 0 to 10.</param>
    /// <param name="deviation">That of the level, which is normally distributed; infinite, it is uniform from 0.</param>
    /// <param name="largest">Where levels are cut.</param>
    /// <param name="draws">The random numbers.</param>
    public void Apply(Canvas canvas, double magnitude, double deviation, double largest, ref Draws draws)
    {
        if (double.IsInfinity(deviation)) magnitude = draws.Uniform(0, magnitude);
        else if (deviation > 0) magnitude += deviation * draws.Normal();
        var level = Math.Clamp(magnitude, 0, largest) / Levels;
        Operation.Change(canvas, Magnitude?.Invoke(level, ref draws) ?? 0, Colour.Mean(canvas.Input));
    }

    private static double Either(double magnitude, ref Draws draws) => draws.Chance(0.5) ? -magnitude : magnitude;

    /// <summary>A factor of 0.1 to 1.9, less 1.</summary>
    private static double Enhanced(double level, ref Draws draws) => (level * 1.8) + 0.1 - 1;

    /// <summary>A factor of 1 ± 0.9, at least 0.1, less 1.</summary>
    private static double MoreEnhanced(double level, ref Draws draws) => Math.Max(0.1, 1 + Either(level * 0.9, ref draws)) - 1;
}

/// <summary>The magnitude of an operation by its level, 0 to 1.</summary>
internal delegate double LevelMagnitude(double level, ref Draws draws);
