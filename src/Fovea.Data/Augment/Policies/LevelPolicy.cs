namespace Fovea.Data.Augment;

/// <summary>A policy as timm has it: of each image, the operations of one of its entries are done, each with its probability and level.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Deviation">That of all levels, which are normally distributed; infinite, they are uniform from 0.</param>
internal sealed record LevelPolicy(IReadOnlyList<IReadOnlyList<LevelPolicy.Step>> Entries, double Deviation)
{
    private const double LargestLevel = 10;

    /// <summary>The policy of the TPU implementation of EfficientNet, which has no paper.</summary>
    private static readonly (string Name, double Probability, double Level)[] s_tpu =
    [
        ("Equalize", 0.8, 1), ("ShearY", 0.8, 4), ("Color", 0.4, 9), ("Equalize", 0.6, 3), ("Color", 0.4, 1), ("Rotate", 0.6, 8),
        ("Solarize", 0.8, 3), ("Equalize", 0.4, 7), ("Solarize", 0.4, 2), ("Solarize", 0.6, 2), ("Color", 0.2, 0), ("Equalize", 0.8, 8),
        ("Equalize", 0.4, 8), ("SolarizeAdd", 0.8, 3), ("ShearX", 0.2, 9), ("Rotate", 0.6, 8), ("Color", 0.6, 1), ("Equalize", 1, 2),
        ("Invert", 0.4, 9), ("Rotate", 0.6, 0), ("Equalize", 1, 9), ("ShearY", 0.6, 3), ("Color", 0.4, 7), ("Equalize", 0.6, 0),
        ("Posterize", 0.4, 6), ("AutoContrast", 0.4, 7), ("Solarize", 0.6, 8), ("Color", 0.6, 9), ("Solarize", 0.2, 4), ("Rotate", 0.8, 9),
        ("Rotate", 1, 7), ("TranslateYRel", 0.8, 9), ("ShearX", 0, 0), ("Solarize", 0.8, 4), ("ShearY", 0.8, 0), ("Color", 0.6, 4),
        ("Color", 1, 0), ("Rotate", 0.6, 2), ("Equalize", 0.8, 4), ("Equalize", 0, 8), ("Equalize", 1, 4), ("AutoContrast", 0.6, 2),
        ("ShearY", 0.4, 7), ("SolarizeAdd", 0.6, 7), ("Posterize", 0.8, 2), ("Solarize", 0.6, 10), ("Solarize", 0.6, 8), ("Equalize", 0.6, 1),
        ("Color", 0.8, 6), ("Rotate", 0.4, 5),
    ];

    private static readonly Dictionary<string, Func<IEnumerable<IReadOnlyList<Step>>>> s_policies = new(StringComparer.Ordinal)
    {
        ["v0"] = () => Tpu(LevelOperation.OfName("Posterize")),
        ["v0r"] = () => Tpu(LevelOperation.PosterizeIncreasing),
        ["original"] = () => Paper(LevelOperation.PosterizeOriginal),
        ["originalr"] = () => Paper(LevelOperation.PosterizeIncreasing),
        ["3a"] = () =>
            [[new(LevelOperation.Solarize, 1, 5)], [new(LevelOperation.Desaturate, 1, 10)], [new(LevelOperation.GaussianBlurRand, 1, 10)]],
    };

    /// <summary>Reads a policy as timm spells it: <c>original-mstd0.5</c>.</summary>
    /// <exception cref="FormatException">The text is none: what is wanted.</exception>
    public static LevelPolicy Of(string text)
    {
        var name = text.Split('-')[0];
        if (!s_policies.TryGetValue(name, out var entries))
            throw new FormatException($"a text that begins with {string.Join(", ", s_policies.Keys)}, as in original-mstd0.5");
        return new([.. entries()], new RandAugmentConfig(text, name, "mstd").Deviation(0));
    }

    /// <summary>Does it to an image.</summary>
    public void Apply(Canvas canvas, ref Draws draws)
    {
        foreach (var step in Entries[draws.Integer(Entries.Count)])
            if (draws.Chance(step.Probability)) step.Operation.Apply(canvas, step.Level, Deviation, LargestLevel, ref draws);
    }

    private static IEnumerable<IReadOnlyList<Step>> Tpu(LevelOperation posterize) =>
        s_tpu.Select(step => new Step(Named(step.Name, posterize), step.Probability, step.Level)).Chunk(2);

    /// <summary>That of the paper for ImageNet, with shifts and shears of timm's.</summary>
    private static IEnumerable<IReadOnlyList<Step>> Paper(LevelOperation posterize) => AutoAugmentPolicies.Of(AutoAugmentPolicy.Imagenet)
        .Select(pair => (Step[])[Of(pair.First, posterize), Of(pair.Second, posterize)]);

    private static Step Of(AutoAugmentPolicies.Step step, LevelOperation posterize) => new(Named(step.Operation, posterize), step.Probability, step.Bin);

    private static LevelOperation Named(string name, LevelOperation posterize) => name == "Posterize" ? posterize : LevelOperation.OfName(name);

    /// <summary>One operation.</summary>
    /// <param name="Operation">What it does.</param>
    /// <param name="Probability">How likely it is.</param>
    /// <param name="Level">Its level, 0 to 10.</param>
    internal readonly record struct Step(LevelOperation Operation, double Probability, double Level);
}
