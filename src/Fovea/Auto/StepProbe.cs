using Fovea.Data.Batching;
using Fovea.Training;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;
using Fovea.Training.State;

namespace Fovea.Auto;

/// <summary>Measures what a training step takes, images and all, by taking some.</summary>
public static class StepProbe
{
    private const int WarmUp = 4;
    private const int MostSteps = 200;

    /// <summary>Takes real steps of a run, and forgets them.</summary>
    /// <param name="options">The run, its images of one size; its validation and checkpoints are left alone.</param>
    /// <param name="most">
    /// How long steps are taken; one at least. Before them come four that warm up, fewer where these take longer than that.
    /// </param>
    /// <param name="stop">Asks to stop; heeded between batches.</param>
    /// <returns>The time of one image, in seconds.</returns>
    /// <exception cref="RecipeException">Options are out of range.</exception>
    /// <exception cref="TrainingException">The data leave nothing to train, or the loss is not finite.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static double SecondsPerImage(TrainerOptions options, TimeSpan most, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var train = options.Recipe.Train;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watch = new Watch(most, ending);
        using var trainer = new Trainer(options with
        {
            Recipe = options.Recipe with
            {
                // Steps of a small rate cannot diverge.
                Optimizer = options.Recipe.Optimizer with { LearningRate = options.Recipe.Optimizer.LearningRate / 100 },
                // Steps from kept features say nothing of the time that evaluation, or another augmentation, takes.
                Data = options.Recipe.Data with { Cache = CacheMode.None },
                Train = train with
                {
                    Epochs = Math.Max(train.Epochs, 1 + ((WarmUp + MostSteps) * train.Accumulate / Math.Max(1, options.Train.Batches))),
                    LogEvery = 1,
                    EarlyStop = 0,
                },
            },
            Validation = null,
            Checkpoints = null,
            From = null,
        });
        trainer.Run(watch, ending.Token);
        stop.ThrowIfCancellationRequested();
        return watch.Seconds / watch.Steps / (Math.Min(train.BatchSize, options.Train.Samples) * (double)train.Accumulate);
    }

    /// <summary>Adds up the time of steps, and ends the run when there are enough.</summary>
    private sealed class Watch(TimeSpan most, CancellationTokenSource ending) : ITrainingLog
    {
        private int _seen;
        private double _warmUp;

        internal double Seconds { get; private set; }

        internal int Steps { get; private set; }

        public void Step(in StepReport report)
        {
            if (ending.IsCancellationRequested) return;
            if (_seen++ == 0 || (_seen <= WarmUp && _warmUp < most.TotalSeconds))
            {
                _warmUp += report.BatchSeconds;
                return;
            }

            Seconds += report.BatchSeconds;
            Steps++;
            if (Seconds >= most.TotalSeconds || Steps == MostSteps) ending.Cancel();
        }

        public void Epoch(EpochReport report)
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
