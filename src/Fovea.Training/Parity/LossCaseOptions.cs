using Fovea.Data.Parity;
using Fovea.Training.Losses;

namespace Fovea.Training.Parity;

/// <summary>The options that the cases of <c>losses.json</c> mean.</summary>
/// <param name="batch">The inputs, which cases name.</param>
internal sealed class LossCaseOptions(LossBatch batch)
{
    /// <summary>What is wrong with the inputs that the options name; null where nothing is.</summary>
    internal string? Problem { get; private set; }

    /// <summary>A loss that remembers what it has seen; null where there is none of its name.</summary>
    internal static LossOptions? WithMemory(string name, FixtureNode p) => name switch
    {
        "eqlv2" => new EqlV2Options { Gamma = p.Number("gamma", 12), Mu = p.Number("mu", 0.8), Alpha = p.Number("alpha", 4) },
        "seesaw" => new SeesawOptions { Mitigation = p.Number("p", 0.8), Compensation = p.Number("q", 2) },
        _ => null,
    };

    /// <summary>The loss of a case; null where there is none of its name.</summary>
    internal LossOptions? Of(string name, FixtureNode p) => name switch
    {
        "cross_entropy" or "cross_entropy_sum" or "label_smoothing" or "soft_target_cross_entropy" or "mixup_cross_entropy" =>
            new CrossEntropyOptions { LabelSmoothing = Smoothing(p), ClassWeights = IfGiven(p, "weight") },
        "class_weighted_cross_entropy" or "class_weighted_label_smoothing" => new CrossEntropyOptions
        {
            LabelSmoothing = Smoothing(p), ClassWeights = p.Find("weight") is { } weight ? batch.Row(weight) : batch["class_weights"],
        },
        "bce_one_hot" or "bce_timm_smoothing" or "bce_soft_targets" or "bce_timm_sum_classes" => new BceOptions
        {
            LabelSmoothing = Smoothing(p), SumClasses = p.Flag("sum_classes", name == "bce_timm_sum_classes"), ClassWeights = IfGiven(p, "weight"),
            PositiveWeights = IfGiven(p, "pos_weight"), TargetThreshold = p.Find("target_threshold") is { IsNull: false } threshold ? threshold.Number() : null,
        },
        "focal_softmax" => new FocalOptions { Gamma = p["gamma"].Number(), Alpha = IfGiven(p, "alpha") },
        "focal_softmax_alpha" => new FocalOptions { Gamma = p["gamma"].Number(), Alpha = batch.Row(p["alpha"]) },
        "focal_sigmoid" or "focal_sigmoid_sum" => new SigmoidFocalOptions
        {
            Gamma = p["gamma"].Number(), Alpha = p["alpha"].Number() is >= 0 and var alpha ? alpha : null, SumClasses = name == "focal_sigmoid_sum",
        },
        "eql" => new EqlOptions { RareShare = p["lambda_"].Number() },
        "seql" => new SoftmaxEqlOptions { RareShare = p["lambda_"].Number() },
        "ldam" or "ldam_drw" => Ldam(name, p),
        "kd" => new KdOptions { Temperature = p["T"].Number(), Alpha = p["alpha"].Number() },
        "asymmetric_single_label_timm" => new AsymmetricOptions
        {
            GammaPositive = p["gamma_pos"].Number(), GammaNegative = p["gamma_neg"].Number(), LabelSmoothing = p["eps"].Number(),
        },
        "balanced_softmax" => new BalancedSoftmaxOptions(),
        "logit_adjustment" => new LogitAdjustmentOptions { Tau = p.Number("tau", 1) },
        _ => null,
    };

    /// <summary>Margins, and weights for the β that the case gives, or that the weights have in their name.</summary>
    private LdamOptions Ldam(string name, FixtureNode p)
    {
        var loss = new LdamOptions { MaxMargin = p["max_m"].Number(), Scale = p["s"].Number() };
        if (name == "ldam") return loss;
        var (beta, weight) = (p.Find("beta")?.Number(), p.Find("weight"));
        if (weight is not null)
        {
            var named = batch.BetaOf(weight);
            if (beta is not null && beta != named) throw weight.Wrong(FormattableString.Invariant($"is of another β than {beta}; wanted the same"));
            (beta, Problem) = (named, batch.WeightsProblem(weight.Text()));
        }

        return loss with { ReweightFrom = 0, Beta = beta ?? throw p.Wrong("has neither weight nor beta; wanted weight: drw_weights_beta_0.9999") };
    }

    /// <summary>timm and PyTorch have a name each.</summary>
    private static double Smoothing(FixtureNode p) => p.Number("smoothing", p.Number("label_smoothing", 0));

    private double[] IfGiven(FixtureNode p, string name) => p.Find(name) is { IsNull: false } row ? batch.Row(row) : [];
}
