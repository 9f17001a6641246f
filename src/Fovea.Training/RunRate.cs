using Fovea.Training.Batches;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;
using Fovea.Training.State;

namespace Fovea.Training;

/// <summary>The learning rate where a run stands: what a run over the images that are not known to be bad would have there.</summary>
internal sealed class RunRate
{
    private readonly TrainRecipe _recipe;
    private readonly IBatchSource _images;
    private readonly double _full;
    private readonly bool _drivesMomentum;

    internal RunRate(TrainRecipe recipe, IBatchSource images)
    {
        (_recipe, _images) = (recipe, images);
        var (optimizer, effective) = (recipe.Optimizer, recipe.Train.BatchSize * recipe.Train.Accumulate);
        (_full, _drivesMomentum) = (optimizer.ScaledRate(effective), recipe.Schedule.Drives.Contains(ScheduleOptions.Momentum));
        if (optimizer.LinearRuleBatch > 0)
            Note = FormattableString.Invariant($"learning rate {optimizer.LearningRate} × {effective} / {optimizer.LinearRuleBatch} = {_full}");
    }

    /// <summary>How the recipe's rate was scaled; null where it was not.</summary>
    internal string? Note { get; }

    /// <summary>The rate that was last asked for.</summary>
    internal double Last { get; private set; }

    /// <summary>The rate of the update that the next batch belongs to.</summary>
    internal double Next(RunState state) => Last = _recipe.Schedule.RateAt(_full, At(state));

    /// <summary>The momentum of that update; null where the schedule does not set it.</summary>
    internal double? Momentum(RunState state) => _drivesMomentum ? _recipe.Schedule.NumberAt(ScheduleOptions.Momentum, At(state)) : null;

    /// <summary>Where a run stands at that update.</summary>
    internal RunProgress At(RunState state)
    {
        var (steps, present) = (Steps(_images.Batches), Steps(_images.BatchesOf(state.Epoch)));
        long step = state.Batch / _recipe.Train.Accumulate;
        // An epoch that is longer or shorter than others goes as far: its first step and its last are theirs.
        if (present != steps && present > 1) step = (long)Math.Round(step * (steps - 1.0) / (present - 1));
        return new((state.Epoch * steps) + step, steps, _recipe.Train.Epochs, state.Scores) { MostSteps = _recipe.Train.Steps };
    }

    private long Steps(int batches) => Math.Max(1, ((batches - 1) / _recipe.Train.Accumulate) + 1);
}
