using System.Text.Json;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Tests.Steps;

/// <summary>The options that the cases of the fixture mean.</summary>
internal static class OptimizerCases
{
    internal static OptimizerOptions Options(JsonElement entry)
    {
        var p = entry.GetProperty("params");
        var name = entry.GetProperty("name").GetString()!;
        var (rule, around) = name.Split('_') switch
        {
            ["sam", ..] => ("sgd", new SamOptions { Rho = p.Number("rho", 0) }),
            ["asam", ..] => ("sgd", new AsamOptions { Rho = p.Number("rho", 0), Eta = p.Number("eta", 0) }),
            ["lookahead", var inner] => (inner, new LookaheadOptions { Alpha = p.Number("alpha", 0), Every = p.GetProperty("k").GetInt32() }),
            _ => (name, default(WrapperOptions)),
        };
        return Rule(rule, p) with
        {
            LearningRate = p.GetProperty("lr").GetDouble(), WeightDecay = p.GetProperty("weight_decay").GetDouble(), Around = around is null ? [] : [around],
        };
    }

    private static OptimizerOptions Rule(string name, JsonElement p)
    {
        var (momentum, epsilon) = (p.Number("momentum", 0), p.Number("eps", 1e-8));
        var (beta1, beta2) = p.TryGetProperty("betas", out var betas) && betas.Numbers() is [var first, var second] ? (first, second) : (0.9, 0.999);
        return name switch
        {
            "sgd" or "sgd_momentum" or "sgd_momentum_dampening" or "sgd_nesterov" => new SgdOptions
            {
                Momentum = momentum, Dampening = p.Number("dampening", 0), Nesterov = name == "sgd_nesterov",
            },
            "adam" => new AdamOptions { Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon },
            "adamw" or "adamw_amsgrad" => new AdamWOptions { Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, Amsgrad = name == "adamw_amsgrad" },
            "rmsprop_torch" or "rmsprop_torch_centered" => new RmsPropOptions
            {
                Alpha = p.Number("alpha", 0), Momentum = momentum, Epsilon = epsilon, Centered = name == "rmsprop_torch_centered",
            },
            "rmsprop_tf" or "rmsprop_tf_no_momentum" or "rmsprop_tf_decoupled" => new RmsPropTfOptions
            {
                Alpha = p.Number("alpha", 0), Momentum = momentum, Epsilon = epsilon, DecoupledDecay = Flag(p, "decoupled_decay", false),
                RateInMomentum = Flag(p, "lr_in_momentum", true),
            },
            "adabound" or "amsbound" or "adaboundw" => new AdaBoundOptions
            {
                FinalLearningRate = p.Number("final_lr", 0), Gamma = p.Number("gamma", 0), Epsilon = epsilon, Amsbound = name == "amsbound",
                DecoupledDecay = name == "adaboundw",
            },
            "lars_timm" or "lars_timm_nesterov_clip" => new LarsOptions
            {
                Momentum = momentum, TrustCoefficient = p.Number("trust_coeff", 0), Epsilon = epsilon, Nesterov = Flag(p, "nesterov", false),
                TrustClip = Flag(p, "trust_clip", false), AlwaysAdapt = Flag(p, "always_adapt", false),
            },
            "larc_sgd" => new LarcOptions
            {
                Momentum = momentum, TrustCoefficient = p.Number("trust_coefficient", 0), Clip = Flag(p, "clip", true), Epsilon = epsilon,
            },
            _ => throw new ArgumentException($"no options are known for the case {name}", nameof(name)),
        };
    }

    private static bool Flag(JsonElement p, string name, bool otherwise) => p.TryGetProperty(name, out var value) ? value.GetBoolean() : otherwise;
}
