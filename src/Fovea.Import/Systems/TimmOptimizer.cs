using System.Globalization;
using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>timm's optimisers, and the rate that follows from a base and the batch.</summary>
internal static class TimmOptimizer
{
    private static readonly string[] s_withMoments = ["adam", "adamw", "nadam", "lion", "lamb", "adan"];

    /// <summary>What timm's rules have where nothing is said, and ours have not.</summary>
    private static readonly IReadOnlyDictionary<string, (string Option, double Value)[]> s_defaults = new Dictionary<string, (string, double)[]>
    {
        ["rmsprop"] = [("alpha", 0.9)], ["rmsprop_tf"] = [("alpha", 0.9), ("epsilon", 1e-10)], ["adagrad"] = [("epsilon", 1e-8)],
    };

    /// <summary>What a bound of gradients bounds.</summary>
    private static readonly IReadOnlyDictionary<string, string> s_bounds = new Dictionary<string, string>
    {
        ["norm"] = "train.clip_gradient_norm", ["value"] = "train.clip_gradient_value", ["agc"] = "train.clip_gradient_adaptive",
    };

    /// <summary>Names of timm, and what they are here.</summary>
    private static readonly IReadOnlyDictionary<string, string> s_kinds = new Dictionary<string, string>
    {
        ["sgd"] = "sgd", ["nesterov"] = "sgd", ["momentum"] = "sgd", ["adam"] = "adam", ["adamw"] = "adamw", ["nadam"] = "nadam", ["nadamw"] = "nadam",
        ["rmsprop"] = "rmsprop", ["rmsproptf"] = "rmsprop_tf", ["adagrad"] = "adagrad", ["adan"] = "adan", ["lion"] = "lion", ["lars"] = "lars",
        ["lamb"] = "lamb",
    };

    internal static void Translate(Translation translation, ForeignSection file, int images)
    {
        var name = file["opt"];
        var isAhead = name.Text.StartsWith("lookahead_", StringComparison.OrdinalIgnoreCase);
        var rule = (isAhead ? name.Text["lookahead_".Length..] : name.Text).ToLowerInvariant();
        if (!s_kinds.TryGetValue(rule, out var kind))
        {
            translation.Refuse(name, $"there is no optimiser '{name.Text}' of timm here, which has {string.Join(", ", s_kinds.Keys)}");
            return;
        }

        translation.Set(name, "optimizer.kind", kind);
        if (isAhead) translation.Add(name, "optimizer.around", "lookahead");
        Rate(translation, file, rule, images);
        translation.Set(file["weight_decay"], "optimizer.weight_decay", file["weight_decay"].Number);
        if (kind is "sgd" or "rmsprop" or "rmsprop_tf" or "lars") translation.Set(file["momentum"], "optimizer.momentum", file["momentum"].Number);
        if (kind == "sgd") translation.Always("optimizer.nesterov", rule != "momentum", "timm's 'sgd' is Nesterov's, 'momentum' is not");
        if (rule == "nadamw") translation.Always("optimizer.decoupled_decay", true, "NAdamW");
        foreach (var (option, value) in s_defaults.GetValueOrDefault(kind, [])) translation.Always($"optimizer.{option}", value, $"timm's for {rule}");
        if (kind is not ("sgd" or "lion") && !file["opt_eps"].IsNull) translation.Set(file["opt_eps"], "optimizer.epsilon", file["opt_eps"].Number);
        if (s_withMoments.Contains(kind, StringComparer.Ordinal)) Moments(translation, file["opt_betas"], kind == "adan" ? 3 : 2);
        if (!file["layer_decay"].IsNull) translation.Set(file["layer_decay"], "optimizer.layer_decay", file["layer_decay"].Number);
        Clipping(translation, file["clip_grad"], file["clip_mode"]);
    }

    private static void Moments(Translation translation, ForeignValue betas, int count)
    {
        foreach (var (i, beta) in (TimmRules.Counted(translation, betas, count) ?? []).Index())
            translation.Set(betas, string.Create(CultureInfo.InvariantCulture, $"optimizer.beta{i + 1}"), beta);
    }

    /// <summary>The full rate of a run of so many images an update, in numbers.</summary>
    internal static double FullRate(ForeignSection file, string rule, int images)
    {
        if (!file["lr"].IsNull) return file["lr"].Number;
        var ratio = images / (double)Math.Max(1, file["lr_base_size"].Whole);
        return file["lr_base"].Number * (IsRoot(file, rule) ? Math.Sqrt(ratio) : ratio);
    }

    /// <summary>Rates of Adam and its like grow with the root of the batch unless the file says otherwise.</summary>
    private static bool IsRoot(ForeignSection file, string rule) => file["lr_base_scale"].Text switch
    {
        "" => rule.Contains("ada", StringComparison.Ordinal) || rule.Contains("lamb", StringComparison.Ordinal),
        var scale => scale == "sqrt",
    };

    private static void Rate(Translation translation, ForeignSection file, string rule, int images)
    {
        if (file["lr_base_scale"].Text is not ("" or "linear" or "sqrt")) translation.Wrong(file["lr_base_scale"], "linear or sqrt");
        if (!file["lr"].IsNull)
        {
            translation.Set(file["lr"], "optimizer.learning_rate", file["lr"].Number, "as it stands, whatever the batch");
            return;
        }

        var (based, size, isRoot) = (file["lr_base"], file["lr_base_size"], IsRoot(file, rule));
        var full = FullRate(file, rule, images);
        var figures = $"{Translation.Figure(based.Number)} · {(isRoot ? "√" : "")}({images} images / {size.Whole}) = {Translation.Figure(full)}";
        if (isRoot)
        {
            translation.Set(based, "optimizer.learning_rate", full, figures);
            return;
        }

        translation.Set(based, "optimizer.learning_rate", based.Number, figures);
        translation.Set(size, "optimizer.linear_rule_batch", size.Whole);
    }

    private static void Clipping(Translation translation, ForeignValue bound, ForeignValue mode)
    {
        if (bound.IsNull || bound.Number <= 0)
        {
            translation.Idle(bound, "nothing is clipped");
            return;
        }

        if (!s_bounds.TryGetValue(mode.Text, out var option))
        {
            translation.Wrong(mode, $"one of {string.Join(", ", s_bounds.Keys)}");
            return;
        }

        translation.Set(bound, option, bound.Number);
        translation.Same(mode, "which of the three bounds it is");
    }
}
