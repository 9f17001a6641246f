using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>timm's schedules: the warm-up takes the place of the rule's beginning unless <c>warmup_prefix</c> is set.</summary>
internal static class TimmSchedule
{
    private static readonly IReadOnlyDictionary<string, (string Kind, (string Key, string Option)[] Options)> s_rules =
        new Dictionary<string, (string, (string, string)[])>
        {
            ["cosine"] = ("cosine", [("min_lr", "min_learning_rate"), ("lr_k_decay", "k_decay")]),
            ["tanh"] = ("tanh", [("min_lr", "min_learning_rate")]),
            ["step"] = ("step", [("decay_epochs", "every"), ("decay_rate", "gamma")]),
            ["multistep"] = ("step", [("decay_rate", "gamma")]),
            ["plateau"] = ("plateau", [("decay_rate", "gamma"), ("min_lr", "min_learning_rate")]),
            ["poly"] = ("polynomial", [("decay_rate", "power"), ("min_lr", "min_learning_rate"), ("lr_k_decay", "k_decay")]),
            ["none"] = ("constant", []),
        };

    internal static void Translate(Translation translation, ForeignSection file)
    {
        var name = file["sched"];
        if (!s_rules.TryGetValue(name.Text, out var rule))
        {
            translation.Problem(name.Place, $"sched is '{name.Text}'; wanted one of {string.Join(", ", s_rules.Keys)}");
            return;
        }

        translation.Set(name, "schedule.kind", rule.Kind);
        foreach (var (key, option) in rule.Options) translation.Set(file[key], $"schedule.{option}", file[key].Number);
        if (name.Text == "multistep")
            translation.Set(file["decay_milestones"], "schedule.milestones", file["decay_milestones"].Numbers.Select(one => (int)one).ToArray());
        if (name.Text == "plateau") translation.Set(file["patience_epochs"], "schedule.patience", file["patience_epochs"].Whole);
        Lengths(translation, file, rule.Kind is "cosine" or "tanh" or "polynomial");
        var warmup = file["warmup_epochs"];
        translation.Set(warmup, "schedule.warmup_epochs", Math.Min(warmup.Number, file["epochs"].Whole));
        if (warmup.Number > 0) translation.Set(file["warmup_lr"], "schedule.warmup_learning_rate", file["warmup_lr"].Number);
        translation.Set(file["warmup_prefix"], "schedule.counts_warmup", !file["warmup_prefix"].Flag);
        translation.Set(file["sched_on_updates"], "schedule.per_epoch", !file["sched_on_updates"].Flag);
        if (!file["lr_noise"].IsNull) translation.Cannot(file["lr_noise"], "there is no noise on the rate");
    }

    /// <summary>Epochs at the lowest rate follow those of the rule; several cycles divide them.</summary>
    private static void Lengths(Translation translation, ForeignSection file, bool ends)
    {
        var (epochs, cooldown, cycles) = (file["epochs"], file["cooldown_epochs"], file["lr_cycle_limit"]);
        if (ends && cooldown.Whole > 0 && cycles.Whole < 2)
            translation.Set(cooldown, "schedule.length", (double)epochs.Whole, "then the lowest rate for cooldown_epochs");
        if (!ends || cycles.Whole < 2) return;
        translation.Set(cycles, "schedule.length", (double)epochs.Whole, "of a cycle");
        translation.Set(cycles, "schedule.restarts.cycles", cycles.Whole);
        translation.Set(file["lr_cycle_mul"], "schedule.restarts.multiplier", file["lr_cycle_mul"].Number);
        translation.Set(file["lr_cycle_decay"], "schedule.restarts.decay", file["lr_cycle_decay"].Number);
    }
}
