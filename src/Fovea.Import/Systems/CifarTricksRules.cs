using System.Globalization;
using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The optimisers, schedules and losses of pytorch-cifar-tricks.</summary>
internal static class CifarTricksRules
{
    private const NumberStyles Epoch = NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    private static readonly IReadOnlyDictionary<string, (string Kind, string Around)> s_optimizers = new Dictionary<string, (string, string)>
    {
        ["sgd"] = ("sgd", ""), ["nesterov"] = ("sgd", ""), ["sam"] = ("sgd", "sam"), ["asam"] = ("sgd", "asam"), ["adam"] = ("adam", ""),
        ["adamw"] = ("adamw", ""), ["adabound"] = ("adabound", ""), ["adaboundw"] = ("adabound", ""),
    };

    internal static void Translate(Translation translation, ForeignSection file)
    {
        Optimizer(translation, file);
        Schedule(translation, file);
        var loss = file["crit"];
        if (loss.Text is not ("ce" or "lsr")) translation.Problem(loss.Place, $"crit is '{loss.Text}'; wanted ce or lsr");
        translation.Set(loss, "loss.kind", "cross_entropy");
        if (loss.Text == "lsr") translation.Set(file["smooth_factor"], "loss.label_smoothing", file["smooth_factor"].Number);
    }

    private static void Optimizer(Translation translation, ForeignSection file)
    {
        var name = file["optims"];
        if (!s_optimizers.TryGetValue(name.Text, out var rule))
        {
            translation.Problem(name.Place, $"optims is '{name.Text}'; wanted one of {string.Join(", ", s_optimizers.Keys)}");
            return;
        }

        translation.Set(name, "optimizer.kind", rule.Kind);
        translation.Set(file["lr"], "optimizer.learning_rate", file["lr"].Number, "as it stands");
        if (rule.Kind == "sgd")
        {
            translation.Set(file["momentum"], "optimizer.momentum", file["momentum"].Number);
            translation.Set(file["weight_decay"], "optimizer.weight_decay", file["weight_decay"].Number);
            translation.Always("optimizer.decay_1d", true, "biases and norms decay, too");
            translation.Always("optimizer.nesterov", name.Text == "nesterov", "by optims alone");
        }
        else translation.Always("optimizer.weight_decay", name.Text is "adamw" or "adaboundw" ? 0.01 : 0, $"that of its {name.Text}; weight_decay is for sgd");

        if (name.Text == "adaboundw") translation.Always("optimizer.decoupled_decay", true, "AdaBoundW");
        if (rule.Around.Length == 0) return;
        var item = translation.Add(name, "optimizer.around", rule.Around);
        translation.Set(name, $"{item}.rho", 0.5);
        if (rule.Around == "asam") translation.Set(name, $"{item}.eta", 0.0);
    }

    private static void Schedule(Translation translation, ForeignSection file)
    {
        var (name, epochs) = (file["sched"], file["epochs"].Whole);
        translation.Draft.Set("schedule.kind", "constant", translation.Tree.File);
        switch (name.Text)
        {
            case "multistep":
                Steps(translation, file, file["gamma"].Number, file["gamma"]);
                break;
            case "warmup":
                // Its factor is fixed there.
                Steps(translation, file, 0.5, name);
                translation.Set(name, "schedule.warmup_epochs", epochs / 10, "a tenth of the epochs");
                break;
            case "cosine": translation.Set(name, "schedule.kind", "cosine"); break;
            case "warmcosine":
                translation.Set(name, "schedule.kind", "cosine");
                translation.Set(name, "schedule.min_learning_rate", Math.Min(1e-4, file["lr"].Number));
                translation.Set(name, "schedule.length", 10);
                translation.Set(name, "schedule.restarts.multiplier", 2);
                break;
            case "custom":
                translation.Set(name, "schedule.kind", "cyclic");
                translation.Set(name, "schedule.up", 15);
                translation.Set(name, "schedule.down", Math.Max(1, epochs - 15));
                break;
            default: translation.Problem(name.Place, $"sched is '{name.Text}'; wanted multistep, warmup, cosine, warmcosine or custom"); return;
        }

        translation.Always("schedule.per_epoch", true, "rates change from epoch to epoch");
    }

    private static void Steps(Translation translation, ForeignSection file, double gamma, ForeignValue from)
    {
        translation.Set(file["sched"], "schedule.kind", "step");
        translation.Set(from, "schedule.gamma", gamma);
        var milestones = file["milestones"];
        var epochs = milestones.Text.Split(',').Select(part => int.TryParse(part, Epoch, CultureInfo.InvariantCulture, out var one) ? one : -1).ToArray();
        if (epochs.Any(epoch => epoch < 1)) translation.Wrong(milestones, "epochs with commas between them");
        else translation.Set(milestones, "schedule.milestones", epochs);
    }
}
