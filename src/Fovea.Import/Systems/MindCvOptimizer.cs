using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>MindCV's optimisers, whose decay is that of MindSpore.</summary>
internal static class MindCvOptimizer
{
    private static readonly IReadOnlyDictionary<string, string> s_kinds = new Dictionary<string, string>
    {
        ["sgd"] = "sgd", ["momentum"] = "sgd", ["nesterov"] = "sgd", ["adam"] = "adam", ["adamw"] = "adamw", ["lion"] = "lion", ["nadam"] = "nadam",
        ["adan"] = "adan", ["rmsprop"] = "rmsprop", ["adagrad"] = "adagrad", ["lamb"] = "lamb",
    };

    internal static void Translate(Translation translation, ForeignSection file)
    {
        var name = file["opt"];
        if (!s_kinds.TryGetValue(name.Text.ToLowerInvariant(), out var kind))
        {
            translation.Problem(name.Place, $"opt is '{name.Text}'; wanted one of {string.Join(", ", s_kinds.Keys)}");
            return;
        }

        translation.Set(name, "optimizer.kind", kind);
        translation.Set(file["lr"], "optimizer.learning_rate", file["lr"].Number, "as it stands: MindCV scales it with no batch size");
        translation.Set(file["weight_decay"], "optimizer.weight_decay", file["weight_decay"].Number);
        Filter(translation, file["weight_decay_filter"], file["layer_decay"]);
        if (kind is "sgd" or "rmsprop") translation.Set(file["momentum"], "optimizer.momentum", file["momentum"].Number);
        if (kind == "sgd") translation.Set(file["use_nesterov"], "optimizer.nesterov", file["use_nesterov"].Flag);
        else if (kind == "adam" && file["use_nesterov"].Flag) translation.Cannot(file["use_nesterov"], "adam has no Nesterov here; nadam is near it");
        if (kind == "rmsprop") RmsProp(translation, file["eps"]);
        // MindSpore adds 1e-6 where the rule's authors add 1e-8.
        if (kind is "adam" or "adamw") translation.Always("optimizer.epsilon", kind == "adam" ? 1e-8 : 1e-6, "MindCV's for it; eps is for rmsprop alone");
    }

    /// <summary>MindSpore's keeps 0.9 of the mean square, and adds epsilon below the root.</summary>
    private static void RmsProp(Translation translation, ForeignValue epsilon)
    {
        translation.Always("optimizer.alpha", 0.9, "MindSpore's decay");
        translation.Set(epsilon, "optimizer.epsilon", epsilon.Number, "added to the root, there below it");
    }

    /// <summary>
    /// Which parameters do not decay; with rates by layers none of one axis does, unless the filter is <c>auto</c>, beside which there are none.
    /// </summary>
    private static void Filter(Translation translation, ForeignValue filter, ForeignValue layers)
    {
        if (filter.Text is not ("disable" or "auto" or "norm_and_bias"))
        {
            translation.Wrong(filter, "disable, auto or norm_and_bias");
            return;
        }

        var isByLayers = !layers.IsNull && filter.Text != "auto";
        if (isByLayers) translation.Set(layers, "optimizer.layer_decay", layers.Number);
        else translation.Idle(layers, layers.IsNull ? "none" : "weight_decay_filter auto leaves no place for it, as there");
        var (decays, note) = filter.Text switch
        {
            _ when isByLayers => (false, "with layer_decay norms and biases do not decay"),
            "disable" => (true, "norms and biases decay, too"),
            "auto" => (false, "norms do not decay; biases do there, not here"),
            _ => (false, "norms and biases do not decay"),
        };
        translation.Set(filter, "optimizer.decay_1d", decays, note);
    }
}
