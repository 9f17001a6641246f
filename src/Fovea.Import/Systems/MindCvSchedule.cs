using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>MindCV's schedules: a linear warm-up, then the rule from its own beginning.</summary>
internal static class MindCvSchedule
{
    private const double CycleDivisor = 25;

    private static readonly IReadOnlyDictionary<string, Action<Translation, ForeignSection>> s_rules =
        new Dictionary<string, Action<Translation, ForeignSection>>
        {
            ["cosine_decay"] = Cosine,
            ["warmup_cosine_decay"] = Cosine,
            ["one_cycle"] = OneCycle,
            ["cyclic"] = Cyclic,
            ["exponential_decay"] = (to, file) => Set(to, file, "exponential", ("decay_rate", "gamma")),
            ["polynomial_decay"] = (to, file) => Set(to, file, "polynomial", ("decay_rate", "power")),
            ["step_decay"] = (to, file) => Set(to, file, "step", ("decay_epochs", "every"), ("decay_rate", "gamma")),
            ["multi_step_decay"] = Milestones,
            ["constant"] = (to, file) => Set(to, file, "constant"),
        };

    internal static void Translate(Translation translation, ForeignSection file)
    {
        var name = file["scheduler"];
        if (!s_rules.TryGetValue(name.Text, out var rule))
        {
            translation.Problem(name.Place, $"scheduler is '{name.Text}'; wanted one of {string.Join(", ", s_rules.Keys)}");
            return;
        }

        rule(translation, file);
        translation.Draft.Set("schedule.counts_warmup", false, translation.Tree.File);
        Warmup(translation, file);
    }

    private static void Warmup(Translation translation, ForeignSection file)
    {
        var (epochs, factor, rate) = (file["warmup_epochs"], file["warmup_factor"], file["lr"].Number);
        translation.Set(epochs, "schedule.warmup_epochs", Math.Min(epochs.Number, file["epoch_size"].Whole));
        if (epochs.Number > 0)
            translation.Set(
                factor, "schedule.warmup_learning_rate", factor.Number * rate,
                $"{Translation.Figure(factor.Number)} · lr {Translation.Figure(rate)} = {Translation.Figure(factor.Number * rate)}");
        else translation.Idle(factor, "there is no warm-up");
        translation.Set(file["lr_epoch_stair"], "schedule.per_epoch", file["lr_epoch_stair"].Flag);
    }

    /// <summary>A kind whose options are keys of MindCV.</summary>
    private static void Set(Translation translation, ForeignSection file, string kind, params ReadOnlySpan<(string Key, string Option)> options)
    {
        translation.Set(file["scheduler"], "schedule.kind", kind);
        foreach (var (key, option) in options) translation.Set(file[key], $"schedule.{option}", file[key].Number);
    }

    private static void Cosine(Translation translation, ForeignSection file)
    {
        Set(translation, file, "cosine", ("min_lr", "min_learning_rate"), ("decay_epochs", "length"));
        var (cycles, decay) = (file["num_cycles"], file["cycle_decay"]);
        if (cycles.Whole < 2)
        {
            translation.Idle(cycles, "one wave");
            return;
        }

        translation.Set(cycles, "schedule.restarts.cycles", cycles.Whole);
        translation.Set(decay, "schedule.restarts.decay", decay.Number);
    }

    private static void Milestones(Translation translation, ForeignSection file)
    {
        Set(translation, file, "step", ("decay_rate", "gamma"));
        var milestones = file["multi_step_decay_milestones"];
        translation.Set(milestones, "schedule.milestones", milestones.Numbers.Select(one => (int)one).Order().ToArray(), "after the warm-up");
    }

    private static void OneCycle(Translation translation, ForeignSection file)
    {
        Set(translation, file, "one_cycle");
        var divisor = file["lr"].Number / CycleDivisor / file["min_lr"].Number;
        translation.Always("schedule.initial_divisor", CycleDivisor, "MindCV's");
        translation.Set(file["min_lr"], "schedule.final_divisor", divisor, $"lr / {CycleDivisor} / min_lr");
        translation.Always("schedule.cycle_momentum", false, "MindCV leaves the momentum as it is");
    }

    private static void Cyclic(Translation translation, ForeignSection file)
    {
        Set(translation, file, "cyclic", ("min_lr", "base_learning_rate"));
        var cycles = file["num_cycles"];
        translation.Set(cycles, "schedule.up", file["epoch_size"].Whole / (2.0 * Math.Max(1, cycles.Whole)), "half of a cycle, in epochs");
        translation.Always("schedule.cycle_momentum", false, "MindCV leaves the momentum as it is");
    }
}
