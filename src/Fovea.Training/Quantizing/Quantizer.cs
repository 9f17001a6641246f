using Fovea.Execution;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Quantization;
using Fovea.Tensors;
using Fovea.Threads;
using Fovea.Training.Deploying;
using Fovea.Training.State;

namespace Fovea.Training.Quantizing;

/// <summary>Makes a trained model one of integers, by the numbers that its activations are on images (post-training quantisation).</summary>
/// <param name="backend">What runs the model.</param>
/// <param name="options">How.</param>
public sealed class Quantizer(IBackend backend, QuantizingOptions options)
{
    /// <summary>The model in integers.</summary>
    /// <param name="model">The model, its norms folded, as it is shipped.</param>
    /// <param name="batch">Images at a time.</param>
    /// <param name="batches">Images [n, C, H, W] after preprocessing, up to <paramref name="batch"/> at a time; run through twice.</param>
    /// <param name="progress">Told what is done, and how many batches of it; null for nobody.</param>
    /// <param name="stop">Asked before each batch.</param>
    /// <exception cref="TrainingException">There are no images, no product can be in integers, or an activation is NaN or infinite.</exception>
    public QuantizedModel Run(
        FoveaModel model, int batch, Func<IEnumerable<ReadOnlyMemory<float>>> batches, Action<string, int>? progress = null, CancellationToken stop = default)
    {
        var graph = model.GraphFor(batch);
        var points = QuantizationPoints.Of(graph, options.Keeps);
        if (points.Products.Count == 0)
            throw new TrainingException(
                $"{model.Card.Model} has no convolution that could be in integers; wanted one whose weights are in fractions, and that is not kept so");
        var numbers = Calibration.Observe(model, points, graph, backend, batches(), done => progress?.Invoke("calibrating", done), stop);
        var scheme = new QuantizationScheme(
            points.Activations.ToDictionary(point => point.Name, point => options.Of(numbers[point.Name]), StringComparer.Ordinal),
            points.Products.DistinctBy(product => product.Name)
                .ToDictionary(product => product.Name, product => OfWeights(model.Weights[product.Name]), StringComparer.Ordinal));
        var (layers, images) = Errors(model, graph, points, scheme, batches(), done => progress?.Invoke("comparing", done), stop);
        var held = new PassDriver().Run(model.Graph, new HoldIntegers(scheme));
        return new(model with { Graph = held, Weights = scheme.Apply(model.Weights) }, scheme, layers, images);
    }

    private TensorQuantization OfWeights(HostTensor weight)
    {
        var all = weight.Floats;
        var filters = options.PerChannel ? weight.Shape[0] : 1;
        var magnitudes = new double[filters];
        for (var i = 0; i < all.Length; i++)
        {
            var filter = (int)((long)i * filters / all.Length);
            magnitudes[filter] = Math.Max(magnitudes[filter], Math.Abs(all[i]));
        }

        return TensorQuantization.OfWeights(magnitudes, options.MostWeight, axis: 0);
    }

    private (IReadOnlyList<LayerError> Layers, int Images) Errors(
        FoveaModel model, Graph graph, QuantizationPoints points, QuantizationScheme scheme, IEnumerable<ReadOnlyMemory<float>> batches, Action<int> progress,
        CancellationToken stop)
    {
        var simulated = new SimulateIntegers(scheme).Apply(graph);
        var of = QuantizationPoints.Of(graph, weight => !scheme.Weights.ContainsKey(weight)).Products;
        var probes = of.Select((product, i) => ($"layer {i}", product.Node.Result)).ToArray();
        var changed = simulated.Nodes.Where(node => node.Op is Ops.Conv2d).ToArray();
        var all = graph.Nodes.Where(node => node.Op is Ops.Conv2d).ToArray();
        var places = of.Select((product, i) => ($"layer {i}", changed[Array.IndexOf(all, product.Node)].Result)).ToArray();
        using var plans = new WeightedPlans(backend, model.Weights, Calibration.Probed(graph, probes), Calibration.Probed(simulated, places));
        var (meters, shape, images, done) = (of.Select(_ => new LayerErrorMeter()).ToArray(), graph.Variable(FoveaModel.InputName).Shape, 0, 0);
        foreach (var content in batches)
        {
            stop.ThrowIfCancellationRequested();
            plans.Run(content.Span, FoveaModel.InputName);
            var count = (int)(content.Length / (shape.Elements / shape.N));
            SharedWork.For(meters.Length, threads: 0, i => meters[i].Add(plans.Rows(0, $"layer {i}", count, shape.N), plans.Rows(1, $"layer {i}", count, shape.N)));
            images += count;
            progress(++done);
        }

        return ([.. of.Select((product, i) => meters[i].Read(product.Name))], images);
    }
}
