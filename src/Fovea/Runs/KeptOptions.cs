using Fovea.Recipes;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.State;

namespace Fovea.Runs;

/// <summary>What of a recipe a run keeps from its first step to its last, and why; all else may change when it goes on.</summary>
internal static class KeptOptions
{
    private const string OfModel = "the weights are those of its model";
    private const string OfBeginning = "it is read when a run begins, and this one has begun";
    private const string OfInput = "its weights have learnt, and its evaluations have seen, images that were prepared so";
    private const string OfSteps = "its steps, and the place where it stands in an epoch, are counted in batches of that size";
    private const string OfSlots = "what it remembers of the steps before is of that kind";

    private static readonly Dictionary<string, string> s_reasons = new(StringComparer.Ordinal)
    {
        ["model.name"] = OfModel, ["model.source"] = OfModel, ["model.num_blocks"] = OfModel, ["model.width_multiplier"] = OfModel,
        ["model.depth"] = OfModel, ["model.width_factor"] = OfModel,
        ["model.preprocess"] = OfBeginning, ["model.weights"] = OfBeginning, ["model.weights_key"] = OfBeginning, ["model.pretrained"] = OfBeginning,
        ["model.skip_classifier"] = OfBeginning, ["model.whiten"] = OfBeginning, ["model.init"] = OfBeginning,
        ["data.image_size"] = OfInput + " (images that grow with the epochs: data.progressive)",
        ["data.fit"] = OfInput, ["data.crop_fraction"] = OfInput, ["data.interpolation"] = OfInput, ["data.mean"] = OfInput, ["data.std"] = OfInput,
        ["train.seed"] = "the order of its images and all that is random follow from it",
        ["train.batch_size"] = OfSteps, ["train.accumulate"] = OfSteps,
        ["optimizer.kind"] = OfSlots,
    };

    /// <summary>Throws where a run cannot go on by a recipe.</summary>
    /// <param name="place">The checkpoint that it goes on from.</param>
    /// <param name="then">Its recipe so far.</param>
    /// <param name="now">The recipe that it shall go on by.</param>
    /// <param name="isDivided">Whether the data has a validation part of its own.</param>
    /// <returns>What may change.</returns>
    /// <exception cref="TrainingException">Something cannot change: a line for each, with the reason.</exception>
    internal static IReadOnlyList<RecipeDifference> Check(string place, TrainRecipe then, TrainRecipe now, bool isDivided)
    {
        var changes = RecipeDifference.Between(then, now);
        string[] refused =
        [
            .. changes.Select(change => (Change: change, Reason: ReasonOf(change.Key, then, now, isDivided)))
                .Where(pair => pair.Reason is not null).Select(pair => $"{pair.Change}, but {pair.Reason}"),
        ];
        if (refused.Length == 0) return changes;
        throw new TrainingException(
            $"{place}: the run cannot go on by this recipe:\n{string.Join('\n', refused)}\n"
            + "wanted what it began with (--resume without -c takes the run's own recipe), or another run, in another folder, from its weights: "
            + "--model with the folder of this one");
    }

    /// <summary>The error of a checkpoint that does not fit, with what has changed since it was written.</summary>
    internal static TrainingException Explained(TrainingException e, IReadOnlyList<RecipeDifference> changes) =>
        new($"{e.Message}. What has changed in the recipe since: {string.Join("; ", changes)}", e) { Alternative = e.Alternative };

    private static string? ReasonOf(string key, TrainRecipe then, TrainRecipe now, bool isDivided)
    {
        if (s_reasons.FirstOrDefault(entry => IsIn(key, entry.Key)) is { Value: { } reason }) return reason;
        if (IsIn(key, "data.validation_fraction") || IsIn(key, "data.split_seed"))
            return isDivided ? null : "images that it was trained on would be evaluated, because the data has no validation part of its own";
        if (IsIn(key, "optimizer.around"))
            return !Kinds(then.Optimizer.Around).SequenceEqual(Kinds(now.Optimizer.Around)) ? OfSlots
                : key.EndsWith(".scales", StringComparison.Ordinal) ? OfBeginning : null;
        if (key is "average.kind" or "train.ema_decay")
            return then.Averages?.Kind == now.Averages?.Kind ? null : "averages of the weights are kept from the first step to the last, or not at all";
        return null;
    }

    private static bool IsIn(string key, string option) =>
        key.StartsWith(option, StringComparison.Ordinal) && (key.Length == option.Length || key[option.Length] is '.' or '[');

    private static IEnumerable<string> Kinds(IEnumerable<WrapperOptions> around) => around.Select(wrapper => wrapper.Kind);
}
