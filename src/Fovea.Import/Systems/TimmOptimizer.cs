using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>timm's optimisers, and the rate that follows from a base and the batch.</summary>
internal static class TimmOptimizer
{
    /// <summary>Names of timm, what they are here, and whether they have moments with betas.</summary>
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
        if (kind is not ("sgd" or "lion") && !file["opt_eps"].IsNull) translation.Set(file["opt_eps"], "optimizer.epsilon", file["opt_eps"].Number);
        if (file["opt_betas"].Numbers is [var first, var second, ..] && kind is "adam" or "adamw" or "nadam" or "lion" or "lamb" or "adan")
        {
            translation.Set(file["opt_betas"], "optimizer.beta1", first);
            translation.Set(file["opt_betas"], "optimizer.beta2", second);
        }

        if (!file["layer_decay"].IsNull) translation.Set(file["layer_decay"], "optimizer.layer_decay", file["layer_decay"].Number);
        Clipping(translation, file["clip_grad"], file["clip_mode"]);
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

        translation.Set(bound, mode.Text switch { "value" => "train.clip_gradient_value", "agc" => "train.clip_gradient_adaptive", _ => "train.clip_gradient_norm" }, bound.Number);
        translation.Same(mode, "which of the three bounds it is");
    }
}
