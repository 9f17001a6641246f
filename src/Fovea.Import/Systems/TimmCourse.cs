using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The course of a run of timm.</summary>
internal static class TimmCourse
{
    internal static void Translate(Translation translation, ForeignSection file)
    {
        Epochs(translation, file);
        if (file["epoch_repeats"].Number > 0) translation.Cannot(file["epoch_repeats"], "an epoch takes each image once; wanted more epochs");
        translation.Set(file["seed"], "train.seed", file["seed"].Whole);
        translation.Set(file["log_interval"], "train.log_every", file["log_interval"].Whole);
        translation.Set(file["val_interval"], "train.validate_every", file["val_interval"].Whole);
        translation.Always("train.drop_last", true, "timm's loader leaves the last, smaller batch out");
        Average(translation, file);
    }

    /// <summary>A rule in cycles lasts as long as they do, with a warm-up before them and the lowest rate behind; others as the file says (<c>create_scheduler_v2</c>).</summary>
    private static void Epochs(Translation translation, ForeignSection file)
    {
        var (epochs, cooldown, cycles) = (file["epochs"], file["cooldown_epochs"], Math.Max(1, file["lr_cycle_limit"].Whole));
        if (file["sched"].Text is not ("cosine" or "tanh" or "poly"))
        {
            translation.Set(epochs, "train.epochs", epochs.Whole);
            return;
        }

        var factor = file["lr_cycle_mul"].Number;
        var length = factor == 1 ? (double)epochs.Whole * cycles : Math.Floor(epochs.Whole * (Math.Pow(factor, cycles) - 1) / (factor - 1));
        var warmup = file["warmup_prefix"].Flag ? file["warmup_epochs"].Number : 0;
        var all = length + warmup + Math.Max(0, cooldown.Whole);
        string[] parts =
        [
            cycles > 1 ? $"{Translation.Figure(length)} of {cycles} cycles" : $"{epochs.Whole}", warmup > 0 ? $"{Translation.Figure(warmup)} of warm-up" : "",
            cooldown.Whole > 0 ? $"{cooldown.Whole} of cooldown" : "",
        ];
        var told = parts.Where(part => part.Length > 0).ToArray();
        translation.Set(epochs, "train.epochs", (int)Math.Clamp(all, 1, int.MaxValue), told.Length > 1 || cycles > 1 ? string.Join(" and ", told) : "");
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
