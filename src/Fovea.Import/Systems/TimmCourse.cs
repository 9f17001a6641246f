using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The course of a run of timm.</summary>
internal static class TimmCourse
{
    internal static void Translate(Translation translation, ForeignSection file)
    {
        var (epochs, cooldown) = (file["epochs"], file["cooldown_epochs"]);
        var all = (int)Math.Min(int.MaxValue, (long)epochs.Whole + Math.Max(0, cooldown.Whole));
        translation.Set(epochs, "train.epochs", all, cooldown.Whole > 0 ? $"{epochs.Whole} and {cooldown.Whole} of cooldown" : "");
        if (file["epoch_repeats"].Number > 0) translation.Cannot(file["epoch_repeats"], "an epoch takes each image once; wanted more epochs");
        translation.Set(file["seed"], "train.seed", file["seed"].Whole);
        translation.Set(file["log_interval"], "train.log_every", file["log_interval"].Whole);
        translation.Set(file["val_interval"], "train.validate_every", file["val_interval"].Whole);
        translation.Always("train.drop_last", true, "timm's loader leaves the last, smaller batch out");
        Average(translation, file);
    }

    private static void Average(Translation translation, ForeignSection file)
    {
        var ema = file["model_ema"];
        if (!ema.Flag)
        {
            translation.Idle(ema, "no averages");
            return;
        }

        translation.Set(ema, "average.kind", "ema");
        translation.Set(file["model_ema_decay"], "average.decay", file["model_ema_decay"].Number);
        translation.Set(file["model_ema_warmup"], "average.warmup", file["model_ema_warmup"].Flag ? "power" : "none");
    }
}
