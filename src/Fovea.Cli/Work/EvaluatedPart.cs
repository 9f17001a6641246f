using System.CommandLine;
using System.Globalization;
using Fovea.Cli.Usage;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Formats.Artefact;
using Fovea.Naming;
using Fovea.Sources;

namespace Fovea.Cli.Work;

/// <summary>Which images are evaluated, so that none of those that the model was trained on counts as one that it has not seen.</summary>
/// <param name="Split"><c>val</c>, <c>train</c> or <c>all</c>.</param>
/// <param name="Rule">What divides data without a validation part; null where nothing has to.</param>
internal sealed record EvaluatedPart(string Split, ValidationSplit? Rule)
{
    private static readonly Option<double?> s_fraction = new("--validation-fraction")
    {
        Description = "The share of each class that training held back of data that is not divided, for a model that does not say it", HelpName = "F",
    };

    private static readonly Option<ulong?> s_seed =
        new("--split-seed") { Description = "The seed by which it did (data.split_seed of its recipe); 0 by default", HelpName = "N" };

    private bool _isSaid;

    internal static Option[] Flags => [s_fraction, s_seed];

    /// <summary>The part that the command line means.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="data">The data.</param>
    /// <param name="model">The model, which may know how its training divided the data.</param>
    /// <param name="split"><c>val</c>, <c>train</c> or <c>all</c>.</param>
    /// <exception cref="UsageException">Nothing says which images training held back.</exception>
    internal static EvaluatedPart Of(Invocation call, DataSet data, LoadedModel model, string split)
    {
        var said = Said(call);
        if (said is not null && (split == "all" || data.HasValidation))
            throw new UsageException(
                $"{s_fraction.Name} does not go with {(split == "all" ? "--split all" : $"{Printable.Of(data.Place)}, which has a validation part")}: "
                + "it says how data is divided that is not");
        if (split == "all" || data.HasValidation) return new(split, null);
        var rule = said ?? model.Split ?? throw new UsageException(
            $"{Printable.Of(data.Place)}: has no val/ or test/, and {Printable.Of(model.Origin)} does not say which of its images it was trained on; wanted "
            + "--split all for images that it has not seen; or, where it was trained on these, --split val (or train) with --validation-fraction F and "
            + "--split-seed N, which are data.validation_fraction and data.split_seed of its recipe");
        if (split == "val" && rule.Fraction == 0)
            throw new UsageException(
                $"{Printable.Of(data.Place)}: has no val/ or test/, and nothing of it was held back when {Printable.Of(model.Origin)} was trained; wanted "
                + "--split train for the images that it was trained on, or --split all for images that it has not seen");
        return new(split, rule) { _isSaid = said is not null };
    }

    /// <summary>What is known of the images, for whoever reads the figures; empty where the data is divided, or the command line divides it.</summary>
    internal string Note => Rule is not { } rule || _isSaid ? ""
        : Split == "train" ? "the model was trained on these images"
        : rule.HeldBack.Length > 0 ? "these are the images that were held back when the model was trained"
        : "these were held back when the model was trained, unless images have come or gone since";

    /// <summary>The images.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="data">The data.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="UsageException">The rule would hold other images back than it did when the model was trained.</exception>
    internal IImageSource Open(Invocation call, DataSet data, LoadedModel model)
    {
        var whole = Split == "all" ? model.Split : null;
        model = model with { Split = Rule ?? whole };
        string[] moved = SourceFlags.RunOf(call) is { } run ? [.. Quarantine.Keys(Path.Combine(run, "quarantine"))] : [];
        bool IsDividedAs(string known) => HeldBackImages.Digest(EvaluationData.Part(data, "val", model, moved, call.Stop).Images) == known;
        if (whole is { Fraction: > 0, HeldBack: { Length: > 0 } trained } && !data.HasValidation && IsDividedAs(trained))
            call.Report.Warning(
                $"{Printable.Of(data.Place)}: {Printable.Of(model.Origin)} was trained on most of these images; "
                + "--split val evaluates those that were held back");
        if (Rule is { Fraction: > 0, HeldBack: { Length: > 0 } known } && !IsDividedAs(known))
            throw new UsageException(
                $"{Printable.Of(data.Place)}: does not hold the images that {Printable.Of(model.Origin)} was trained with: it is another folder, or images "
                + "came or went since, and the rule by which training held some back would now take others; wanted the folder as it was, --split all for "
                + "images that the model has not seen, or --validation-fraction F to divide it all the same");
        var (images, warnings) = EvaluationData.Part(data, Split, model, moved, call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        return moved.Length == 0 ? images : new ImageSelection(images, Enumerable.Range(0, images.Count).Where(i => !moved.Contains(images.Key(i))));
    }

    /// <summary>What the part consists of, where a rule makes it; empty otherwise.</summary>
    public override string ToString() => Rule is not { } rule || rule.Fraction == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $": {(Split == "val" ? rule.Fraction : 1 - rule.Fraction):0.####} of each class, by seed {rule.Seed}");

    private static ValidationSplit? Said(Invocation call)
    {
        if (call.Value(s_fraction) is not { } fraction)
            return call.Has(s_seed) ? throw new UsageException($"{s_seed.Name} goes with {s_fraction.Name} only: they say how data was divided") : null;
        return fraction is >= 0 and < 1
            ? new(fraction, call.Value(s_seed) ?? 0)
            : throw new UsageException(FormattableString.Invariant($"{s_fraction.Name} is {fraction}; wanted a fraction, at least 0 and below 1"));
    }
}
