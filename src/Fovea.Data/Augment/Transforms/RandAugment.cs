using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// RandAugment (arXiv:1909.13719): some operations at random, all of one magnitude. Without <c>config</c> as torchvision's <c>RandAugment</c> has it, with
/// the interpolation of the data.
/// </summary>
public sealed record RandAugment : Transform
{
    private const int MostOperations = 20;

    private readonly string _config = "";
    private readonly Settings? _settings;

    /// <inheritdoc/>
    public override string Kind => "rand_augment";

    /// <summary>
    /// In place of the other keys, as timm spells it: <c>rand-m9-mstd0.5-inc1</c>. m is the magnitude, of which mmax, 10 if it is not said, is the whole
    /// (10), n the number of operations (2), mstd the deviation of the magnitude (0; above 100 it is uniform), mmax where it is cut (10), inc1
    /// operations that all grow with it, p the probability of each (0.5). Outside is the mean colour. Empty, the default, for torchvision's rule.
    /// </summary>
    public string Config
    {
        get => _config;
        init
        {
            _config = value;
            _settings = value.Length > 0 && RandAugmentConfig.Problem(() => Settings.Of(value)) is null ? Settings.Of(value) : null;
        }
    }

    /// <summary>How many operations each image gets; 0 to 20. Default 2.</summary>
    public int Operations { get; init; } = 2;

    /// <summary>Their magnitude; 0 to bins − 1. Default 9.</summary>
    public int Magnitude { get; init; } = 9;

    /// <summary>How many magnitudes there are; 2 to 1000. Default 31.</summary>
    public int Bins { get; init; } = 31;

    /// <summary>What is seen of outside. Default black.</summary>
    public Outside Outside { get; init; } = Outside.Black;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Within(Operations, 0, MostOperations);
        checks.Within(Bins, 2, 1000);
        checks.Within(Magnitude, 0, Math.Max(Bins, 2) - 1);
        if (Config.Length > 0 && RandAugmentConfig.Problem(() => Settings.Of(Config)) is { } problem) checks.Fail(nameof(Config), Config, problem);
    }

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        if (_settings is not null)
        {
            _settings.Apply(canvas, ref draws);
            return;
        }

        var rows = MagnitudeSpace.Rand.Rows;
        for (var i = 0; i < Operations; i++)
            rows[draws.Integer(rows.Count)].Apply(canvas, Bins, Magnitude, Colour.Of(Outside == Outside.Mean, canvas.Input), ref draws);
    }

    /// <summary>timm's.</summary>
    private sealed record Settings(
        IReadOnlyList<LevelOperation> Choice, int Operations, double Probability, double Magnitude, double Deviation, double Largest)
    {
        public static Settings Of(string text)
        {
            var config = new RandAugmentConfig(text, "rand", "m", "n", "p", "mstd", "mmax", "inc");
            var operations = config.Of("n", 2);
            if (operations is < 0 or > MostOperations || operations % 1 != 0) throw new FormatException($"n of 0 to {MostOperations}, whole");
            if (config.Of("p", 0.5) > 1) throw new FormatException("p of 0 to 1");
            if (config.Of("mmax", 10) > 100) throw new FormatException("mmax of 0 to 100");
            // timm takes any number behind inc, 0 too.
            var isIncreasing = config.Of("inc", -1) >= 0;
            return new(
                isIncreasing ? LevelOperation.Increasing : LevelOperation.Usual, (int)operations, config.Of("p", 0.5), config.Of("m", 10),
                config.Deviation(0), config.Of("mmax", 10));
        }

        public void Apply(Canvas canvas, ref Draws draws)
        {
            for (var i = 0; i < Operations; i++)
            {
                var operation = Choice[draws.Integer(Choice.Count)];
                if (draws.Chance(Probability)) operation.Apply(canvas, Magnitude, Deviation, Largest, ref draws);
            }
        }
    }
}
