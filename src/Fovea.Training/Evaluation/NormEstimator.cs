using System.Collections.Frozen;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Training.Evaluation;

/// <summary>
/// Estimates the running statistics of batch norms for weights that were never trained as they are, as means of several are (Izmailov et al. 2018,
/// arXiv:1803.05407, section 3.3): the means over training images, each batch normalised by its own statistics.
/// </summary>
/// <remarks>Not safe for use from several threads at once.</remarks>
public sealed class NormEstimator : IDisposable
{
    private readonly ISession _session;
    private readonly Func<int, Graph> _model;
    private readonly Precision _precision;
    private readonly IReadOnlySet<string> _frozen;
    private BatchPlans<IExecutable>? _plans;

    /// <summary>An estimator; nothing is compiled yet.</summary>
    /// <param name="backend">What runs the model.</param>
    /// <param name="model">The inference graph for a batch size.</param>
    /// <param name="precision">The arithmetic.</param>
    /// <param name="frozen">Labels of variables that are frozen, whose norms keep their statistics; null, the default, for none.</param>
    public NormEstimator(IBackend backend, Func<int, Graph> model, Precision precision = Precision.Fp32, IReadOnlySet<string>? frozen = null)
    {
        (_model, _precision, _frozen) = (model, precision, frozen ?? FrozenSet<string>.Empty);
        _session = backend.Open();
    }

    /// <summary>Whether a model has norms whose statistics can be estimated.</summary>
    /// <param name="model">The inference graph.</param>
    /// <param name="frozen">Labels of variables that are frozen; null, the default, for none.</param>
    public static bool HasNorms(Graph model, IReadOnlySet<string>? frozen = null) => model.Nodes.Any(node =>
        node.Op is BatchNorm && node.Inputs.Skip(3).All(value => value.Variable is not { } statistic || frozen?.Contains(statistic.Label) != true));

    /// <summary>The statistics for given weights.</summary>
    /// <param name="weights">Parameters and state of the model.</param>
    /// <param name="batches">Training images; at least one batch.</param>
    /// <param name="batchSize">The images of full batches.</param>
    /// <param name="stop">Asked between batches.</param>
    /// <returns>The statistics, by name; the weights' own do not matter.</returns>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public IReadOnlyList<(string Name, HostTensor Tensor)> Run(
        IReadOnlyList<(string Name, HostTensor Tensor)> weights, IEnumerable<Batch> batches, int batchSize, CancellationToken stop = default)
    {
        _plans ??= new(batchSize, count => _session.Compile(new PassDriver().Run(_model(count), new EstimateNorms { Frozen = _frozen }).In(_precision)));
        var statistics = _plans.For(batchSize).Graph.Updates.Select(update => update.Variable.Variable!).ToArray();
        foreach (var (name, tensor) in weights) _session.Write(name, tensor);
        foreach (var variable in statistics) _session.Write(variable.Label, HostTensor.Of(variable.Type.Shape, new float[variable.Type.Shape.Elements]));
        var images = 0L;
        foreach (var batch in batches)
        {
            stop.ThrowIfCancellationRequested();
            images += batch.Count;
            var plan = _plans.For(batch.Count);
            batch.Images.Span.CopyTo(plan.Floats(TrainingGraph.Images));
            plan.Floats(EstimateNorms.ShareInput)[0] = (float)((double)batch.Count / images);
            plan.Run();
        }

        return [.. statistics.Select(variable => (variable.Label, _session.Read(variable.Label)))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plans?.Dispose();
        _session.Dispose();
    }
}
