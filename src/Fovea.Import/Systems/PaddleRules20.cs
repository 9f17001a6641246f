using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The optimisers and schedules of PaddleClas up to release 2.1.</summary>
internal static class PaddleRules20
{
    private const double UsualEpochs = 2.4;

    internal static void Optimizer(Translation translation, ForeignSection optimizer)
    {
        var (name, parameters) = (optimizer["function"], optimizer.Below("params", PaddleKeys20.OptimizerParameters));
        switch (name.Text)
        {
            case "Momentum":
                translation.Set(name, "optimizer.kind", "sgd");
                translation.Set(parameters["use_nesterov"], "optimizer.nesterov", parameters["use_nesterov"].Flag);
                break;
            case "RMSProp":
                translation.Set(name, "optimizer.kind", "rmsprop_tf");
                translation.Set(parameters["rho"], "optimizer.alpha", parameters["rho"].Number);
                translation.Set(parameters["epsilon"], "optimizer.epsilon", parameters["epsilon"].Number, "its mean square begins at 1, there at 0");
                break;
            default: translation.Refuse(name, $"there is no optimiser '{name.Text}' of PaddleClas 2.0, which has Momentum and RMSProp"); break;
        }

        translation.Set(parameters["momentum"], "optimizer.momentum", parameters["momentum"].Number);
        parameters.Rest($"{name.Text} does not read it");
        var regularizer = optimizer.Below("regularizer", PaddleKeys20.Regularizer);
        var decays = regularizer["function"].Text == "L2";
        if (decays) translation.Same(regularizer["function"], "weight decay");
        else translation.Cannot(regularizer["function"], $"there is no decay by {regularizer["function"].Text}");
        translation.Set(regularizer["factor"], "optimizer.weight_decay", decays ? regularizer["factor"].Number : 0);
        translation.Always("optimizer.decay_1d", true, "biases and norms decay, too");
    }

    internal static void Schedule(Translation translation, ForeignSection top, int epochs)
    {
        var section = top.Below("LEARNING_RATE", PaddleKeys20.Schedule);
        var (name, parameters) = (section["function"], section.Below("params", PaddleKeys20.ScheduleParameters));
        translation.Set(parameters["lr"], "optimizer.learning_rate", parameters["lr"].Number, "as it stands: PaddleClas scales it with no batch size");
        translation.Draft.Set("schedule.kind", "cosine", translation.Tree.File);
        translation.Draft.Set("schedule.counts_warmup", false, translation.Tree.File);
        var (warmup, decay) = (parameters["warmup_epoch"], parameters["decay_epochs"]);
        switch (name.Text)
        {
            case "Cosine": translation.Set(name, "schedule.kind", "cosine"); break;
            case "CosineWarmup":
                translation.Set(name, "schedule.kind", "cosine");
                Warmup();
                break;
            case "Piecewise":
                translation.Set(name, "schedule.kind", "step");
                translation.Set(decay, "schedule.milestones", decay.Numbers.Select(one => (int)one).ToArray());
                translation.Set(parameters["gamma"], "schedule.gamma", parameters["gamma"].Number);
                break;
            case "ExponentialWarmup":
                translation.Set(name, "schedule.kind", "step");
                translation.Set(decay, "schedule.every", Every(translation, decay));
                translation.Set(parameters["decay_rate"], "schedule.gamma", parameters["decay_rate"].Number);
                Warmup();
                break;
            case "Linear":
                translation.Set(name, "schedule.kind", "linear");
                translation.Set(parameters["end_lr"], "schedule.min_learning_rate", parameters["end_lr"].Number);
                translation.Set(parameters["steps"], "schedule.length", (double)parameters["steps"].Whole);
                translation.Set(parameters["steps"], "schedule.unit", "steps");
                break;
            default: translation.Refuse(name, $"there is no schedule '{name.Text}' of PaddleClas 2.0 here"); break;
        }

        parameters.Rest($"{name.Text} does not read it");

        void Warmup()
        {
            translation.Set(warmup, "schedule.warmup_epochs", Math.Min(warmup.Number, epochs));
            translation.Always("schedule.warmup_learning_rate", 0.0, "the warm-up begins at 0");
        }
    }

    /// <summary>The epochs between two falls; a number alone, or the first of a list.</summary>
    private static double Every(Translation translation, ForeignValue decay)
    {
        if (!decay.IsGiven) return UsualEpochs;
        if (decay.Numbers is [var first, ..]) return first;
        translation.Wrong(decay, "the epochs between two falls of the rate");
        return UsualEpochs;
    }
}
