using Fovea.Options;
using Fovea.Training.Logging;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.State;

namespace Fovea.Training.RateFinding;

/// <summary>
/// The learning rate range test (Smith 2017, arXiv:1506.01186, section 3.3): trains for some steps while the rate rises, and keeps the loss of each.
/// </summary>
/// <remarks>
/// The run is one of the recipe but for its schedule and its averages of weights; other rates that the rule has (AdaBound's <c>final_learning_rate</c>,
/// Muon's <c>other_learning_rate</c>) rise in proportion. What is frozen when the run begins stays so, however many epochs the test takes. Images have
/// the input's size from the first step on, which is that of the end of a run with <c>data.progressive</c>: losses of several sizes make no curve. It
/// follows from the seed alone. Nothing is written.
/// </remarks>
public static class RateFinder
{
    /// <summary>The test ends when the smoothed loss is more than so many times its best, as in fastai.</summary>
    public const double DivergenceFactor = 4;

    /// <summary>The recipe of a test: images of one size, the input's. What makes the batches of <see cref="TrainerOptions.Train"/> is built by it.</summary>
    /// <param name="recipe">The recipe of the run.</param>
    public static TrainRecipe AtOneSize(TrainRecipe recipe) => recipe with { Data = recipe.Data with { Progressive = [] } };

    /// <summary>Runs the test.</summary>
    /// <param name="options">The run whose rate is looked for, by <see cref="AtOneSize"/>; its validation and checkpoints are left alone.</param>
    /// <param name="range">The rates to try.</param>
    /// <param name="stepped">Told of each step; null for nobody.</param>
    /// <param name="stop">Asks to stop; heeded between batches.</param>
    /// <exception cref="RecipeException">Options are out of range, or the recipe has stages of <c>data.progressive</c>.</exception>
    /// <exception cref="TrainingException">The data leave nothing to train, or the loss is not finite from the first step on.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static RateCurve Run(TrainerOptions options, RateRange range, Action<RatePoint>? stepped = null, CancellationToken stop = default)
    {
        var problems = new List<OptionProblem>();
        range.Check(new(problems));
        if (options.Recipe.Data.Progressive.Count > 0)
            problems.Add(new("data.progressive", "stages, in a range test", "none: images of one size, by RateFinder.AtOneSize"));
        if (problems.Count > 0) throw new RecipeException(problems);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watch = new Watch(range, Scale(options.Recipe), ending, stepped);
        var end = RateCurveEnd.Completed;
        using var trainer = new Trainer(Arranged(options, range, () => watch.Points.Count));
        try
        {
            trainer.Run(watch, ending.Token);
            if (watch.HasDiverged) end = RateCurveEnd.Diverged;
        }
        catch (TrainingException e) when (e.IsDivergence && watch.Points.Count > 0)
        {
            end = RateCurveEnd.NotFinite;
        }

        stop.ThrowIfCancellationRequested();
        return new(range, watch.Points, end);
    }

    /// <summary>What updates are made with over what the recipe says.</summary>
    private static double Scale(TrainRecipe recipe) =>
        recipe.Optimizer.ScaledRate(recipe.Train.BatchSize * recipe.Train.Accumulate) / recipe.Optimizer.LearningRate;

    /// <summary>The run with rising rates, as many epochs as they take, and nothing to keep.</summary>
    private static TrainerOptions Arranged(TrainerOptions options, RateRange range, Func<int> updates)
    {
        var (recipe, train) = (options.Recipe, options.Recipe.Train);
        var perEpoch = Math.Max(1, options.Train.Batches / train.Accumulate);
        return options with
        {
            Recipe = recipe with
            {
                Schedule = new RangeSchedule(range, recipe.Optimizer.LearningRate, updates),
                Average = new NoAverageOptions(),
                Freeze = recipe.Freeze with { Epochs = 0, Thaw = [] },
                Train = train with { Epochs = Math.Max(train.Epochs, (range.Steps / perEpoch) + 2), EmaDecay = 0, EarlyStop = 0, LogEvery = 1 },
            },
            Validation = null,
            Checkpoints = null,
            From = null,
        };
    }

    /// <summary>Keeps the points, and ends the run when there are enough.</summary>
    private sealed class Watch(RateRange range, double scale, CancellationTokenSource ending, Action<RatePoint>? stepped) : ITrainingLog
    {
        private double _average;
        private double _weight;
        private double _best = double.PositiveInfinity;

        internal List<RatePoint> Points { get; } = [];

        internal bool HasDiverged { get; private set; }

        public void Step(in StepReport report)
        {
            if (Points.Count == range.Steps) return;
            (_average, _weight) = ((range.Smoothing * _average) + ((1 - range.Smoothing) * report.Loss), (range.Smoothing * _weight) + (1 - range.Smoothing));
            var smoothed = _average / _weight;
            _best = Math.Min(_best, smoothed);
            var point = new RatePoint(Points.Count, report.LearningRate / scale, report.LearningRate, report.Loss, smoothed);
            Points.Add(point);
            stepped?.Invoke(point);
            HasDiverged = smoothed > DivergenceFactor * _best;
            if (HasDiverged || Points.Count == range.Steps) ending.Cancel();
        }

        public void Epoch(EpochReport epoch)
        {
        }

        public void Message(string text)
        {
        }

        public void Warning(string text)
        {
        }
    }
}
