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
    private LearningRates _rates;

    internal RunRate(TrainRecipe recipe, IBatchSource images)
    {
        (_recipe, _images) = (recipe, images);
        var (optimizer, effective) = (recipe.Optimizer, recipe.Train.BatchSize * recipe.Train.Accumulate);
        _full = optimizer.ScaledRate(effective);
        if (optimizer.LinearRuleBatch > 0)
            Note = FormattableString.Invariant($"learning rate {optimizer.LearningRate} × {effective} / {optimizer.LinearRuleBatch} = {_full}");
        _rates = Rates(StepsPerEpoch);
    }

    /// <summary>How the recipe's rate was scaled; null where it was not.</summary>
    internal string? Note { get; }

    /// <summary>The rate that was last asked for.</summary>
    internal double Last { get; private set; }

    private long StepsPerEpoch => Math.Max(1, ((_images.Batches - 1) / _recipe.Train.Accumulate) + 1);

    /// <summary>The rate of the update that the next batch belongs to.</summary>
    internal double Next(RunState state)
    {
        var steps = StepsPerEpoch;
        if (steps != _rates.StepsPerEpoch) _rates = Rates(steps);
        return Last = _rates.At((state.Epoch * steps) + (state.Batch / _recipe.Train.Accumulate));
    }

    private LearningRates Rates(long stepsPerEpoch) => new(_recipe.Schedule, _full, _recipe.Train.Epochs, stepsPerEpoch);
}
