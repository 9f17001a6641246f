using Fovea.Data.Parity;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Parity;

/// <summary>The options that the cases of <c>optimizers.json</c> mean.</summary>
internal static class OptimizerCaseOptions
{
    /// <summary>The rule of a case with what stands around it; null where there is none of its name.</summary>
    internal static OptimizerOptions? Of(FixtureNode entry)
    {
        var (name, p) = (entry["name"].Text(), entry["params"]);
        var (rule, around) = name.Split('_', 2) switch
        {
            ["sam", var inner] => (inner, new SamOptions { Rho = p.Number("rho", 0.05) }),
            ["asam", var inner] => (inner, new AsamOptions { Rho = p.Number("rho", 0.5), Eta = p.Number("eta", 0.01) }),
            ["lookahead", var inner] => (inner, new LookaheadOptions { Alpha = p.Number("alpha", 0.5), Every = p.Find("k")?.Integer(least: 1) ?? 5 }),
            _ => (name, default(WrapperOptions)),
        };
        return Rule(rule, p) is not { } options ? null : options with
        {
            LearningRate = p["lr"].Number(), WeightDecay = p.Number("weight_decay", 0), Around = around is null ? [] : [around],
        };
    }

    private static OptimizerOptions? Rule(string name, FixtureNode p)
    {
        // Read where a rule has them alone: what it has not is not known.
        double Momentum() => p.Number("momentum", 0);
        double Epsilon() => p.Number("eps", 1e-8);
        return name switch
        {
            "sgd" or "sgd_momentum" or "sgd_momentum_dampening" or "sgd_nesterov" => new SgdOptions
            {
                Momentum = Momentum(), Dampening = p.Number("dampening", 0), Nesterov = p.Flag("nesterov", name == "sgd_nesterov"),
            },
            "rmsprop_torch" or "rmsprop_torch_centered" => new RmsPropOptions
            {
                Alpha = p.Number("alpha", 0.99), Momentum = Momentum(), Epsilon = Epsilon(), Centered = p.Flag("centered", name == "rmsprop_torch_centered"),
            },
            "rmsprop_tf" or "rmsprop_tf_no_momentum" or "rmsprop_tf_decoupled" => new RmsPropTfOptions
            {
                Alpha = p.Number("alpha", 0.9), Momentum = Momentum(), Epsilon = p.Number("eps", 1e-10), DecoupledDecay = p.Flag("decoupled_decay", false),
                Centered = p.Flag("centered", false), RateInMomentum = p.Flag("lr_in_momentum", true),
            },
            "lars_timm" or "lars_timm_nesterov_clip" => new LarsOptions
            {
                Momentum = Momentum(), TrustCoefficient = p.Number("trust_coeff", 0.001), Epsilon = Epsilon(), Nesterov = p.Flag("nesterov", false),
                TrustClip = p.Flag("trust_clip", false), AlwaysAdapt = p.Flag("always_adapt", false),
            },
            "larc_sgd" => new LarcOptions
            {
                Momentum = Momentum(), TrustCoefficient = p.Number("trust_coefficient", 0.02), Clip = p.Flag("clip", true), Epsilon = Epsilon(),
            },
            "adagrad" => new AdagradOptions
            {
                RateDecay = p.Number("lr_decay", 0), InitialSum = p.Number("initial_accumulator_value", 0), Epsilon = p.Number("eps", 1e-10),
            },
            _ => Moments(name, p),
        };
    }

    /// <summary>The relatives of Adam.</summary>
    private static AdamRuleOptions? Moments(string name, FixtureNode p)
    {
        AdamRuleOptions? rule = name switch
        {
            "adam" => new AdamOptions { Amsgrad = p.Flag("amsgrad", false) },
            "adamw" or "adamw_amsgrad" => new AdamWOptions { Amsgrad = p.Flag("amsgrad", name == "adamw_amsgrad") },
            "nadam" => new NAdamOptions
            {
                MomentumDecay = p.Number("momentum_decay", 4e-3), DecoupledDecay = p.Flag("decoupled_weight_decay", false),
            },
            "adabound" or "amsbound" or "adaboundw" => new AdaBoundOptions
            {
                FinalLearningRate = p.Number("final_lr", 0.1), Gamma = p.Number("gamma", 1e-3), Amsbound = p.Flag("amsbound", name == "amsbound"),
                DecoupledDecay = name == "adaboundw",
            },
            "lamb" or "lamb_timm" => new LambOptions
            {
                Epsilon = 1e-6, MaxGradientNorm = p.Find("max_grad_norm") is { } most ? most.IsNull ? 0 : most.Number() : 1,
                GradientAveraging = p.Flag("grad_averaging", true),
                TrustClip = p.Flag("trust_clip", false), AlwaysAdapt = p.Flag("always_adapt", false),
            },
            _ => null,
        };
        if (rule is null) return null;
        rule = rule with { Epsilon = p.Number("eps", rule.Epsilon) };
        return p.Find("betas")?.Numbers(2) is [var first, var second] ? rule with { Beta1 = first, Beta2 = second } : rule;
    }
}
