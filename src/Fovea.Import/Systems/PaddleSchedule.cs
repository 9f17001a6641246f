using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>PaddleClas's schedules: after a linear warm-up the rule from its own beginning.</summary>
internal static class PaddleSchedule
{
    private sealed record Rule(IReadOnlyList<ForeignKey> Keys, Action<Translation, ForeignSection> Translate);

    private static readonly ForeignKey[] s_all =
    [
        ForeignKey.Text("name"), ForeignKey.Number("learning_rate"), ForeignKey.Number("warmup_epoch", 0), ForeignKey.Number("warmup_start_lr", 0),
        ForeignKey.Flag("by_epoch"), ForeignKey.Without("last_epoch", "--resume goes on with a run"),
    ];

    private static readonly IReadOnlyDictionary<string, Rule> s_rules = new Dictionary<string, Rule>
    {
        ["Cosine"] = new([ForeignKey.Number("eta_min", 0)], (to, lr) => Set(to, lr, "cosine", ("eta_min", "min_learning_rate"))),
        ["Linear"] = new(
            [ForeignKey.Number("end_lr", 0), ForeignKey.Number("power", 1), ForeignKey.Flag("cycle")],
            (to, lr) => Set(to, lr, "polynomial", ("end_lr", "min_learning_rate"), ("power", "power"))),
        ["Step"] = new(
            [ForeignKey.Number("step_size", 30), ForeignKey.Number("gamma", 0.1)], (to, lr) => Set(to, lr, "step", ("step_size", "every"), ("gamma", "gamma"))),
        ["MultiStepDecay"] = new(
            [ForeignKey.Numbers("milestones", 30, 60, 90), ForeignKey.Number("gamma", 0.1), ForeignKey.Without("step_each_epoch", "it follows from the data")],
            MultiStep),
        ["Piecewise"] = new([ForeignKey.Numbers("decay_epochs", 30, 60, 90), ForeignKey.Numbers("values", 0.1, 0.01, 0.001, 0.0001)], Piecewise),
        ["ConstLR"] = new([], (to, lr) => Set(to, lr, "constant")),
    };

    internal static void Translate(Translation translation, ForeignSection optimizer, int epochs)
    {
        var map = optimizer.Map("lr");
        var head = new ForeignSection(translation, $"{optimizer.Path}.lr", null, s_all)["name"];
        var entry = map?.Find("name");
        var name = entry is { Value: Recipes.RecipeScalar scalar } ? head with { Value = scalar.Text, Place = entry.Place } : head with { Value = "ConstLR" };
        if (!s_rules.TryGetValue(name.Text, out var rule))
        {
            translation.Refuse(name, $"there is no schedule '{name.Text}' of PaddleClas here, which has {string.Join(", ", s_rules.Keys)}");
            translation.Rest($"{optimizer.Path}.lr", ImportOutcome.Impossible, "of a schedule that is not here");
            return;
        }

        var lr = optimizer.Below("lr", [.. s_all, .. rule.Keys]);
        rule.Translate(translation, lr);
        translation.Draft.Set("schedule.counts_warmup", false, translation.Tree.File);
        if (!lr["learning_rate"].IsNull && !translation.Draft.Has("optimizer.learning_rate"))
            translation.Set(
                lr["learning_rate"], "optimizer.learning_rate", lr["learning_rate"].Number, "as it stands: PaddleClas scales it with no batch size");
        translation.Set(lr["warmup_epoch"], "schedule.warmup_epochs", Math.Min(lr["warmup_epoch"].Number, epochs));
        if (lr["warmup_epoch"].Number > 0) translation.Set(lr["warmup_start_lr"], "schedule.warmup_learning_rate", lr["warmup_start_lr"].Number);
        translation.Set(lr["by_epoch"], "schedule.per_epoch", lr["by_epoch"].Flag);
        lr.Rest($"{name.Text} does not read it beside the others");
    }

    private static void Set(Translation translation, ForeignSection lr, string kind, params ReadOnlySpan<(string Key, string Option)> options)
    {
        translation.Set(lr["name"], "schedule.kind", kind);
        foreach (var (key, option) in options) translation.Set(lr[key], $"schedule.{option}", lr[key].Number);
    }

    private static void MultiStep(Translation translation, ForeignSection lr)
    {
        Set(translation, lr, "step", ("gamma", "gamma"));
        translation.Set(lr["milestones"], "schedule.milestones", lr["milestones"].Numbers.Select(one => (int)one).ToArray());
    }

    /// <summary>
    /// The rates of the pieces, the first of which is the full one; a learning rate of its own falls to a tenth every 30 epochs, whatever they say.
    /// </summary>
    private static void Piecewise(Translation translation, ForeignSection lr)
    {
        translation.Set(lr["name"], "schedule.kind", "step");
        if (!lr["learning_rate"].IsNull)
        {
            translation.Set(lr["learning_rate"], "schedule.every", 30);
            translation.Set(lr["learning_rate"], "schedule.gamma", 0.1, "a tenth every 30 epochs, where a rate is given, as there");
            return;
        }

        var (values, epochs) = (lr["values"].Numbers, lr["decay_epochs"].Numbers);
        if (values.Count != epochs.Count + 1 || values.Any(value => value <= 0))
        {
            translation.Problem(lr["values"].Place, $"{lr["values"].Path} wants {epochs.Count + 1} rates above 0, one more than decay_epochs");
            return;
        }

        translation.Set(lr["decay_epochs"], "schedule.milestones", epochs.Select(one => (int)one).ToArray());
        translation.Set(lr["values"], "optimizer.learning_rate", values[0], "the first, as it stands: PaddleClas scales it with no batch size");
        translation.Set(lr["values"], "schedule.scales", values.Skip(1).Zip(values, (next, before) => Math.Round(next / before, 12)).ToArray());
    }
}
