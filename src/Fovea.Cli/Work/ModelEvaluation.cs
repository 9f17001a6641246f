using Fovea.Backends.OneDnn;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Training.Batches;
using Fovea.Training.Evaluation;
using Fovea.Training.Logging;
using Fovea.Training.Logging.Styles;
using Fovea.Training.Metrics;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>The model and the images of a command line that evaluates.</summary>
internal sealed class ModelEvaluation : IDisposable
{
    private readonly OneDnnBackend _backend;
    private readonly Precision _precision;
    private readonly BatchLoader _loader;

    /// <summary>Opens what the command line names.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="split"><c>val</c>, <c>train</c> or <c>all</c>.</param>
    /// <param name="batchSize">Images at a time.</param>
    /// <param name="smaller">What takes less memory, for a message.</param>
    internal ModelEvaluation(Invocation call, string split, int batchSize, string smaller)
    {
        Model = SourceFlags.Load(call);
        Data = EvaluationData.Find(call);
        Part = EvaluatedPart.Of(call, Data, Model, split);
        Images = Part.Open(call, Data, Model);
        _backend = new OneDnnBackend();
        _precision = MachinePrecision.Choose(SourceFlags.PrecisionOf(call, Model.Precision), _backend, call.Report.Log, call.Report.Warning);
        Views = EvaluationData.ViewsOf(call, Model);
        MemoryNeed.Of(Model.Graph(EvaluationData.Rows(batchSize, Images.Count, Views)), smaller).Check(call.Report.Warning);
        _loader = EvaluationData.Loader(Images, Model, Views, batchSize, call);
    }

    internal LoadedModel Model { get; }

    internal DataSet Data { get; }

    internal EvaluatedPart Part { get; }

    internal IImageSource Images { get; }

    internal Views Views { get; }

    internal string Arithmetic => _precision == Precision.Bf16 ? "bf16" : "fp32";

    /// <summary>The images that could not be read so far.</summary>
    internal int BadImages => _loader.BadImages.Count;

    /// <summary>Evaluates; where a person looks on, with a bar.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="fold">Whether the form that is shipped is run.</param>
    /// <param name="style">In whose lines the course is told; null, the default, for nobody's.</param>
    internal EvaluationMetrics Run(Invocation call, bool fold, LogStyle? style = null)
    {
        using var evaluator = new Evaluator(_backend, Model.Graph, _loader.ClassNames, fold, _precision);
        return LiveLines.Run(call.Report, view =>
        {
            using var log = style is null ? null : new StyledLog(style, view is null ? call.Report.RawLog : view.RawLog, TimeProvider.System);
            var images = new LoadedBatches(_loader);
            var told = log?.Evaluate(
                new(Model.Name, _loader.ClassNames.Count, images.Batches));
            var metrics = evaluator.Run(Model.Tensors, images, Tell, call.Stop);
            told?.End(metrics);
            return metrics;

            void Tell(EvaluationBatchReport batch)
            {
                told?.Batch(batch);
                Show(view, batch.Batch);
            }
        });
    }

    public void Dispose() => _loader.Dispose();

    private void Show(LiveView? view, int done)
    {
        var (images, all) = (Math.Min(done * _loader.BatchSize, _loader.Samples) / _loader.ViewsPerImage, _loader.Samples / _loader.ViewsPerImage);
        view?.Show($"{LiveView.Bar((double)images / all)} {images} of {all} images");
    }
}
