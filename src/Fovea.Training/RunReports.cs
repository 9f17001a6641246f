using Fovea.Training.Logging;
using Fovea.Training.Metrics;
using Fovea.Training.State;
using Fovea.Training.Steps;
using Fovea.Training.Weights;

namespace Fovea.Training;

/// <summary>What there is to tell of a run where it stands.</summary>
internal sealed class RunReports(TrainerOptions options, RunState state, Stopwatches watch)
{
    private readonly Recipes.TrainOptions _train = options.Recipe.Train;

    internal StepReport Step(StepResult result, double rate) => new(
        state.Epoch + 1, _train.Epochs, state.Batch, options.Train.BatchesOf(state.Epoch), state.Step, result.Loss, state.MeanLoss, state.Top1, rate,
        result.GradientNorm, watch.BatchSeconds, watch.ReaderSeconds, watch.ImagesPerSecond, Remaining());

    internal BatchReport Batch(StepResult result, double rate) => new(
        state.Epoch + 1, _train.Epochs, state.Batch, options.Train.BatchesOf(state.Epoch), state.Step, result.Samples, result.Loss, result.Hits,
        result.HitsOfFive, state.MeanLoss, state.Top1, rate, result.GradientNorm, watch.Last.Seconds, watch.Last.Reader,
        ((long)state.Epoch * options.Train.Samples) + state.Samples, Remaining()) { IsUpdate = result.Updated };

    /// <summary>What there is to tell of the run before it trains on.</summary>
    internal RunOverview Overview()
    {
        var model = options.Model(1);
        var images = model.Variable(TrainingGraph.Images).Shape;
        return new()
        {
            Recipe = options.Recipe, Model = options.ModelName, Parameters = WeightMatch.CountParameters(model),
            ImageSize = images.Rank == 4 ? images.H : 0, Classes = options.Classes.Count, TrainImages = options.Train.Samples,
            TrainBatches = options.Train.Batches, ValidationImages = options.Validation?.Samples ?? 0, ValidationBatches = options.Validation?.Batches ?? 0,
            LearningRate = options.Recipe.Optimizer.ScaledRate(_train.BatchSize * _train.Accumulate), Epoch = state.Epoch, Step = state.Step,
            BestTop1 = state.BestTop1, BestEpoch = state.BestEpoch, Folder = options.Folder, Data = options.Data,
            Checkpoint = options.Checkpoints?.LatestPath,
        };
    }

    internal EpochReport Epoch(EvaluationMetrics? metrics, bool isBest, double rate)
    {
        var (bestTop1, bestEpoch) = isBest ? (metrics!.Top1, state.Epoch + 1) : (state.BestTop1, state.BestEpoch);
        return new(
            state.Epoch + 1, _train.Epochs, state.Step, rate, state.MeanLoss, state.Top1, state.Seconds, metrics, isBest, bestTop1, bestEpoch)
        {
            EvaluationSeconds = metrics is null ? 0 : watch.EvaluationSeconds,
        };
    }

    private TimeSpan Remaining()
    {
        var epochs = _train.Epochs - state.Epoch;
        var batches = ((long)epochs * options.Train.Batches) - state.Batch;
        if (_train.Steps > 0) batches = Math.Min(batches, Math.Max(0, _train.Steps - state.Step) * _train.Accumulate);
        var evaluations = _train.ValidateEvery > 0 ? (double)epochs / _train.ValidateEvery : 1;
        var seconds = (batches * watch.BatchSeconds) + (evaluations * watch.EvaluationSeconds);
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }
}
