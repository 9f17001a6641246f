using Fovea.Import.Foreign;
using Fovea.Models.Building;

namespace Fovea.Import.Systems;

/// <summary>PaddleClas's optimisers by Paddle's rules.</summary>
internal static class PaddleOptimizer
{
    private const int MostNames = 1000;

    private sealed record Rule(string Kind, Action<Translation, ForeignSection> Own);

    private static readonly IReadOnlyDictionary<string, Rule> s_rules = new Dictionary<string, Rule>
    {
        ["Momentum"] = new("sgd", Momentum),
        ["SGD"] = new("sgd", (translation, _) => translation.Always("optimizer.momentum", 0.0, "plain SGD")),
        ["Adam"] = new("adam", Moments),
        ["AdamW"] = new("adamw", Moments),
        ["RMSProp"] = new("rmsprop_tf", RmsProp),
    };

    internal static void Translate(Translation translation, ForeignSection optimizer, int epochs, ModelRow? model)
    {
        var name = optimizer["name"];
        if (!s_rules.TryGetValue(name.Text, out var rule))
        {
            translation.Refuse(name, $"there is no optimiser '{name.Text}' of PaddleClas here, which has {string.Join(", ", s_rules.Keys)}");
            translation.Rest(optimizer.Path, ImportOutcome.Impossible, "of an optimiser that is not here");
            return;
        }

        translation.Set(name, "optimizer.kind", rule.Kind);
        Decay(translation, optimizer, model);
        rule.Own(translation, optimizer);
        Clipping(translation, optimizer);
        if (!optimizer["layerwise_decay"].IsNull) translation.Set(optimizer["layerwise_decay"], "optimizer.layer_decay", optimizer["layerwise_decay"].Number);
        optimizer.Rest($"{name.Text} does not read it");
        PaddleSchedule.Translate(translation, optimizer, epochs);
    }

    private static void Momentum(Translation translation, ForeignSection optimizer)
    {
        translation.Set(optimizer["momentum"], "optimizer.momentum", optimizer["momentum"].IsNull ? 0.9 : optimizer["momentum"].Number);
        translation.Set(optimizer["use_nesterov"], "optimizer.nesterov", optimizer["use_nesterov"].Flag);
    }

    private static void Moments(Translation translation, ForeignSection optimizer)
    {
        translation.Set(optimizer["beta1"], "optimizer.beta1", optimizer["beta1"].Number);
        translation.Set(optimizer["beta2"], "optimizer.beta2", optimizer["beta2"].Number);
        translation.Set(optimizer["epsilon"], "optimizer.epsilon", optimizer["epsilon"].IsNull ? 1e-8 : optimizer["epsilon"].Number);
    }

    /// <summary>Paddle's adds epsilon below the root and keeps steps with the rates they had, as TensorFlow's does.</summary>
    private static void RmsProp(Translation translation, ForeignSection optimizer)
    {
        translation.Set(optimizer["rho"], "optimizer.alpha", optimizer["rho"].Number);
        translation.Set(optimizer["momentum"], "optimizer.momentum", optimizer["momentum"].Number);
        translation.Set(
            optimizer["epsilon"], "optimizer.epsilon", optimizer["epsilon"].IsNull ? 1e-6 : optimizer["epsilon"].Number,
            "its mean square begins at 1, there at 0");
    }

    private static void Decay(Translation translation, ForeignSection optimizer, ModelRow? model)
    {
        var regularizer = optimizer.Below("regularizer", PaddleKeys.Regularizer);
        if (regularizer.IsGiven)
        {
            if (regularizer["name"].Text == "L2") translation.Same(regularizer["name"], "weight decay");
            else translation.Cannot(regularizer["name"], $"there is no decay by {regularizer["name"].Text}");
            translation.Set(regularizer["coeff"], "optimizer.weight_decay", regularizer["name"].Text == "L2" ? regularizer["coeff"].Number : 0);
            translation.Idle(optimizer["weight_decay"], "regularizer takes its place, as there");
        }
        else
        {
            // Paddle's AdamW decays by 0.01 where nothing is said; the others by nothing.
            var own = optimizer["name"].Text == "AdamW" ? 0.01 : 0;
            translation.Set(optimizer["weight_decay"], "optimizer.weight_decay", optimizer["weight_decay"].IsNull ? own : optimizer["weight_decay"].Number);
        }

        translation.Set(
            optimizer["one_dim_param_no_weight_decay"], "optimizer.decay_1d", !optimizer["one_dim_param_no_weight_decay"].Flag, "biases and norms");
        Excepted(translation, optimizer["no_weight_decay_name"], model);
    }

    /// <summary>Parts of names whose parameters do not decay; those of one axis that do not in any case need no naming.</summary>
    private static void Excepted(Translation translation, ForeignValue names, ModelRow? model)
    {
        string[] parts = [.. names.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        if (parts.Length > MostNames)
        {
            translation.Problem(names.Place, $"{names.Path} has {parts.Length} names; wanted at most {MostNames}");
            return;
        }

        if (parts.Length == 0 || model is null)
        {
            translation.Idle(names, "names nothing");
            return;
        }

        var labels = model.Build().Variables.Select(value => value.Variable!).Where(variable => variable.Type.Shape.Rank > 1)
            .Select(variable => variable.Label).ToList();
        string[] found = [.. parts.Where(part => labels.Any(label => label.Contains(part, StringComparison.Ordinal)))];
        if (found.Length > 0) translation.Set(names, "optimizer.no_decay", found.Select(part => $"*{part}*").ToArray());
        else translation.Same(names, "of the model here they name parameters of one axis alone, which optimizer.decay_1d is for");
    }

    private static void Clipping(Translation translation, ForeignSection optimizer)
    {
        var bound = optimizer["clip_norm"];
        if (!bound.IsNull)
        {
            translation.Draft.Set("train.clip_gradient_norm", bound.Number, bound.Place);
            translation.Cannot(bound, $"no parameter is clipped by itself; train.clip_gradient_norm={Translation.Figure(bound.Number)} bounds all together");
        }

        translation.Idle(optimizer["clip_grad"], "PaddleClas passes it on to nobody; its key is clip_norm");
    }
}
