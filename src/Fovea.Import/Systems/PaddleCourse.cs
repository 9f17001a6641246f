using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The course of a run of PaddleClas.</summary>
internal static class PaddleCourse
{
    internal static void Translate(Translation translation, ForeignSection global, ForeignSection file)
    {
        translation.Set(global["epochs"], "train.epochs", global["epochs"].Whole);
        translation.Set(global["print_batch_step"], "train.log_every", global["print_batch_step"].Whole);
        if (!global["seed"].IsNull) translation.Set(global["seed"], "train.seed", global["seed"].Whole);
        var (during, every) = (global["eval_during_train"], global["eval_interval"]);
        if (during.Flag)
        {
            translation.Same(during, "every eval_interval epochs");
            translation.Set(every, "train.validate_every", every.Whole);
        }
        else translation.Set(during, "train.validate_every", 0, "only after the last epoch");

        var start = global["start_eval_epoch"];
        if (during.Flag && start.Whole > 0) translation.Cannot(start, "evaluations begin with the run");
        else translation.Idle(start, during.Flag ? "from the first epoch on" : "there are none before the last");
        PaddleWeights.Translate(translation, global["pretrained_model"], global["checkpoints"]);
        Task(translation, global["eval_mode"], global["task"]);
        Average(translation, file.Below("EMA", PaddleKeys.Average));
    }

    private static void Task(Translation translation, ForeignValue mode, ForeignValue task)
    {
        if (mode.Text is "retrieval" or "metric" || task.Text != "classification")
        {
            translation.Refuse(mode.IsGiven ? mode : task, "this is no classification of images of one class each");
            return;
        }

        foreach (var key in new[] { mode, task }.Where(key => key.IsGiven)) translation.Same(key, "classification of images of one class each");
    }

    private static void Average(Translation translation, ForeignSection average)
    {
        if (!average.IsGiven) return;
        translation.Set(average["decay"], "average.kind", "ema");
        translation.Set(average["decay"], "average.decay", average["decay"].Number);
        translation.Set(average["decay"], "average.warmup", "none");
    }
}
