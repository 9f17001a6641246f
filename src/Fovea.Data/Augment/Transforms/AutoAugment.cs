using Fovea.Data.Augment.Pixels;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// AutoAugment (arXiv:1805.09501): one of 25 pairs of operations, each with its probability and magnitude. Without <c>config</c> as torchvision's
/// <c>AutoAugment</c> has it, with the interpolation of the data.
/// </summary>
public sealed record AutoAugment : Transform
{
    private const int Bins = 10;

    private readonly string _config = "";
    private readonly LevelPolicy? _timm;

    /// <inheritdoc/>
    public override string Kind => "auto_augment";

    /// <summary>
    /// In place of the other keys, as timm spells it: <c>original-mstd0.5</c>. <c>original</c> is the paper's policy for ImageNet, <c>v0</c> that of the TPU
    /// implementation of EfficientNet; <c>originalr</c> and <c>v0r</c> posterise the more the higher the level; <c>3a</c> is 3-Augment. mstd is the
    /// deviation of levels (0; above 100 they are uniform). Outside is the mean colour. Empty, the default, for torchvision's rule.
    /// </summary>
    public string Config
    {
        get => _config;
        init
        {
            _config = value;
            _timm = value.Length > 0 && RandAugmentConfig.Problem(() => LevelPolicy.Of(value)) is null ? LevelPolicy.Of(value) : null;
        }
    }

    /// <summary>For which data the pairs were found. Default imagenet.</summary>
    public AutoAugmentPolicy Policy { get; init; }

    /// <summary>What is seen of outside. Default black.</summary>
    public Outside Outside { get; init; } = Outside.Black;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        if (Config.Length > 0 && RandAugmentConfig.Problem(() => LevelPolicy.Of(Config)) is { } problem) checks.Fail(nameof(Config), Config, problem);
    }

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        if (_timm is not null)
        {
            _timm.Apply(canvas, ref draws);
            return;
        }

        var pairs = AutoAugmentPolicies.Of(Policy);
        var (first, second) = pairs[draws.Integer(pairs.Count)];
        Apply(first, canvas, ref draws);
        Apply(second, canvas, ref draws);
    }

    private void Apply(AutoAugmentPolicies.Step step, Canvas canvas, ref Draws draws)
    {
        if (draws.Chance(step.Probability))
            MagnitudeSpace.Auto[step.Operation].Apply(canvas, Bins, step.Bin, Colour.Of(Outside == Outside.Mean, canvas.Input), ref draws);
    }
}
