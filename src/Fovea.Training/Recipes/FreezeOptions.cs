using Fovea.Naming;
using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>Which parameters stay as they are, and for how long, as in <c>{names: [backbone], epochs: 5}</c>.</summary>
public sealed record FreezeOptions : IOptions
{
    /// <summary>The name for all parameters but those of the classifier.</summary>
    public const string Backbone = "backbone";

    /// <summary>
    /// What is frozen when the run begins: <c>backbone</c> for all but the classifier, or names of parameters and modules; <c>*</c> stands for any
    /// characters, <c>?</c> for one: <c>[conv1, bn1, layer1, "*.norm1.*"]</c>. Default nothing.
    /// </summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The epochs after which all of it trains; at most 1 000 000. 0, the default, for never.</summary>
    public int Epochs { get; init; }

    /// <summary>
    /// What of it trains sooner, stage by stage, as in <c>[{after: 2, names: [layer4]}, {after: 4, names: [layer3]}]</c>. Default nothing.
    /// </summary>
    public IReadOnlyList<ThawStage> Thaw { get; init; } = [];

    /// <summary>How many changes an epoch has behind it: what is frozen is the same in epochs of the same number.</summary>
    /// <param name="epoch">From 0.</param>
    public int StageAt(int epoch) => Names.Count == 0 ? 0 : IsOver(epoch) ? Thaw.Count + 1 : Thaw.Count(stage => stage.After <= epoch);

    /// <summary>Whether a parameter is frozen at a stage.</summary>
    /// <param name="label">Its name.</param>
    /// <param name="isOfClassifier">Whether it is of the classifier.</param>
    /// <param name="stage">What <see cref="StageAt"/> gave.</param>
    public bool Freezes(string label, bool isOfClassifier, int stage)
    {
        bool IsNamed(IReadOnlyList<string> names) => names.Any(name => Covers(name, label, isOfClassifier));
        return stage <= Thaw.Count && IsNamed(Names) && !Thaw.Take(stage).Any(thawed => IsNamed(thawed.Names));
    }

    /// <summary>Whether a name of the options means a parameter or state.</summary>
    /// <param name="name">Of <see cref="Names"/>, or of a stage.</param>
    /// <param name="label">The parameter or state.</param>
    /// <param name="isOfClassifier">Whether it is of the classifier.</param>
    public static bool Covers(string name, string label, bool isOfClassifier) => name == Backbone
        ? !isOfClassifier
        : NamePattern.Matches(name, label) || NamePattern.Matches($"{name}.*", label);

    /// <inheritdoc/>
    public void Check(OptionChecks checks)
    {
        const string wanted = "names of parameters or modules, as layer1, or backbone";
        if (Names.Any(string.IsNullOrEmpty)) checks.Fail(nameof(Names), "an empty name", wanted);
        checks.AtLeast(Epochs, 0, 1_000_000);
        if (Names.Count == 0 && (Epochs > 0 || Thaw.Count > 0)) checks.Fail(nameof(Names), "none beside epochs or thaw", wanted);
        for (var i = 0; i < Thaw.Count; i++)
        {
            var below = checks.In(FormattableString.Invariant($"thaw[{i}]"));
            Thaw[i].Check(below);
            if (i > 0 && Thaw[i].After <= Thaw[i - 1].After && !checks.In(FormattableString.Invariant($"thaw[{i - 1}]")).IsWrong(nameof(ThawStage.After)))
                below.Fail(nameof(ThawStage.After), $"{Thaw[i].After}", "more than in the stage before");
            if (Epochs > 0 && Thaw[i].After >= Epochs && !checks.IsWrong(nameof(Epochs)))
                below.Fail(nameof(ThawStage.After), $"{Thaw[i].After}", $"less than freeze.epochs, which is {Epochs}");
        }
    }

    private bool IsOver(int epoch) => Epochs > 0 && epoch >= Epochs;
}
