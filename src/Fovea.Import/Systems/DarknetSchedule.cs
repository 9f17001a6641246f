using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>Darknet's policies (<c>get_current_rate</c>): of the number of the update, counted from 1, with a burn-in in place of the first.</summary>
internal static class DarknetSchedule
{
    private static readonly IReadOnlyDictionary<string, Action<Translation, ForeignSection>> s_policies =
        new Dictionary<string, Action<Translation, ForeignSection>>
        {
            ["constant"] = (to, net) => Set(to, net, "constant"),
            ["step"] = (to, net) => Set(to, net, "step", ("step", "every"), ("scale", "gamma")),
            ["steps"] = Steps,
            ["exp"] = (to, net) => Set(to, net, "exponential", ("gamma", "gamma")),
            ["poly"] = Polynomial,
            ["sigmoid"] = (to, net) => Set(to, net, "sigmoid", ("gamma", "gamma"), ("step", "center")),
            ["sgdr"] = Cycles,
            ["random"] = (to, net) => Set(to, net, "random", ("power", "power")),
        };

    internal static void Translate(Translation translation, ForeignSection net)
    {
        var policy = net["policy"];
        if (!s_policies.TryGetValue(policy.Text, out var rule))
        {
            translation.Problem(policy.Place, $"policy is '{policy.Text}'; wanted one of {string.Join(", ", s_policies.Keys)}");
            return;
        }

        rule(translation, net);
        translation.Always("schedule.unit", "steps", "Darknet counts updates");
        translation.Always("schedule.counts_from", 1, "Darknet counts an update before it takes its rate");
        translation.Always("schedule.counts_warmup", true, "the burn-in takes the place of the first updates");
        Burn(translation, net);
    }

    private static void Burn(Translation translation, ForeignSection net)
    {
        var updates = net["burn_in"];
        if (updates.Whole <= 0)
        {
            translation.Idle(updates, "there is none");
            return;
        }

        translation.Set(updates, "schedule.warmup_steps", updates.Whole);
        translation.Set(updates, "schedule.warmup.kind", "power");
        translation.Set(net["power"], "schedule.warmup.power", net["power"].Number);
    }

    private static void Set(Translation translation, ForeignSection net, string kind, params ReadOnlySpan<(string Key, string Option)> options)
    {
        translation.Set(net["policy"], "schedule.kind", kind);
        foreach (var (key, option) in options) translation.Set(net[key], $"schedule.{option}", net[key].Number);
    }

    private static void Polynomial(Translation translation, ForeignSection net)
    {
        Set(translation, net, "polynomial", ("power", "power"));
        if (net["max_batches"].Whole == 0) translation.Problem(net["policy"].Place, "policy is poly without max_batches; wanted max_batches above 0");
    }

    private static void Steps(Translation translation, ForeignSection net)
    {
        Set(translation, net, "step");
        var (steps, scales) = (net["steps"].Numbers, net["scales"].Numbers);
        if (steps.Count == 0 || scales.Count == 0)
        {
            translation.Problem(net["policy"].Place, "policy is steps; wanted steps and scales beside it");
            return;
        }

        translation.Set(net["steps"], "schedule.milestones", steps.Select(step => (int)step).ToArray());
        translation.Set(net["scales"], "schedule.scales", steps.Select((_, i) => i < scales.Count ? scales[i] : 1).ToArray());
        translation.Idle(net["seq_scales"], "it is of sequences of images");
    }

    private static void Cycles(Translation translation, ForeignSection net)
    {
        Set(translation, net, "cosine", ("learning_rate_min", "min_learning_rate"));
        var length = net["sgdr_cycle"].IsNull ? net["max_batches"] : net["sgdr_cycle"];
        if (length.Whole <= 0)
        {
            translation.Problem(net["policy"].Place, "policy is sgdr without sgdr_cycle and max_batches; wanted one of them above 0");
            return;
        }

        translation.Set(net["sgdr_cycle"], "schedule.length", length.Whole);
        translation.Set(net["sgdr_mult"], "schedule.restarts.multiplier", net["sgdr_mult"].Whole);
        translation.Always("schedule.restarts.ends_late", true, "Darknet's cycles come down to their end");
    }
}
