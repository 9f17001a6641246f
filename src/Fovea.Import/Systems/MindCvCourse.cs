using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The course of a run of MindCV: batches, epochs, averages, evaluations.</summary>
internal static class MindCvCourse
{
    internal static void Translate(Translation translation, ForeignSection file)
    {
        translation.Set(file["epoch_size"], "train.epochs", file["epoch_size"].Whole);
        Batches.PerCard(translation, file["batch_size"], file["gradient_accumulation_steps"]);
        translation.Idle(file["distribute"], "--cards N says of how many cards' batches an update is made");
        translation.Set(file["drop_remainder"], "train.drop_last", file["drop_remainder"].Flag);
        if (file["shuffle"].Flag) translation.Same(file["shuffle"], "training images are always shuffled");
        else translation.Cannot(file["shuffle"], "training images are always shuffled");
        if (!file["num_samples"].IsNull) translation.Cannot(file["num_samples"], "wanted data.fraction, a share of the images");
        else translation.Idle(file["num_samples"], "all images");
        translation.Set(file["seed"], "train.seed", file["seed"].Whole);
        translation.Set(file["log_interval"], "train.log_every", file["log_interval"].Whole);
        Average(translation, file);
        Clipping(translation, file);
        Evaluation(translation, file);
    }

    /// <summary>MindCV's share grows as d·(1 − exp(−t/2000)), near which the counted warm-up is.</summary>
    private static void Average(Translation translation, ForeignSection file)
    {
        if (!file["ema"].Flag)
        {
            translation.Idle(file["ema"], "no averages");
            return;
        }

        translation.Set(file["ema"], "average.kind", "ema");
        translation.Set(file["ema_decay"], "average.decay", file["ema_decay"].Number, "it grows by (1 + t) / (10 + t), there by 1 − exp(−t / 2000)");
    }

    private static void Clipping(Translation translation, ForeignSection file)
    {
        if (file["clip_grad"].Flag)
        {
            translation.Same(file["clip_grad"], "by clip_value");
            translation.Set(file["clip_value"], "train.clip_gradient_norm", file["clip_value"].Number);
        }
        else translation.Idle(file["clip_grad"], "nothing is clipped");
    }

    private static void Evaluation(Translation translation, ForeignSection file)
    {
        var (during, every) = (file["val_while_train"], file["val_interval"]);
        if (during.Flag)
        {
            translation.Same(during, "every val_interval epochs");
            translation.Set(every, "train.validate_every", every.Whole);
        }
        else translation.Set(during, "train.validate_every", 0, "only after the last epoch");
    }
}
