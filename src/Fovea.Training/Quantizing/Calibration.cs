using Fovea.Execution;
using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Quantization;
using Fovea.Threads;
using Fovea.Training.Deploying;
using Fovea.Training.State;

namespace Fovea.Training.Quantizing;

/// <summary>Which numbers the activations of a model are on images.</summary>
public static class Calibration
{
    /// <summary>Runs a model in fractions, and counts the numbers of everything that is to be held as integers.</summary>
    /// <param name="model">The model, its norms folded.</param>
    /// <param name="points">What is counted, of the model's graph for a batch.</param>
    /// <param name="graph">That graph.</param>
    /// <param name="backend">What runs it.</param>
    /// <param name="batches">Images [n, C, H, W] after preprocessing, as many as the graph takes or fewer.</param>
    /// <param name="progress">Told how many batches are done; null for nobody.</param>
    /// <param name="stop">Asked before each batch.</param>
    /// <returns>The numbers by the names of the points.</returns>
    /// <exception cref="TrainingException">There are no images, or an activation is NaN or infinite.</exception>
    public static IReadOnlyDictionary<string, ValueHistogram> Observe(
        FoveaModel model, QuantizationPoints points, Graph graph, IBackend backend, IEnumerable<ReadOnlyMemory<float>> batches, Action<int>? progress = null,
        CancellationToken stop = default)
    {
        var (counts, batch, done) = (points.Activations.ToDictionary(point => point.Name, _ => new ValueHistogram(), StringComparer.Ordinal), 0, 0);
        using var plans = new WeightedPlans(backend, model.Weights, Probed(graph, points.Activations.Select(point => (point.Name, point.Value))));
        var images = graph.Variable(FoveaModel.InputName).Shape;
        foreach (var content in batches)
        {
            stop.ThrowIfCancellationRequested();
            plans.Run(content.Span, FoveaModel.InputName);
            batch = (int)(content.Length / (images.Elements / images.N));
            SharedWork.For(points.Activations.Count, threads: 0, i => Count(points.Activations[i].Name));
            if (points.Activations.FirstOrDefault(point => counts[point.Name].NonFinite > 0) is { } broken)
                throw new TrainingException($"'{broken.Name}' of {model.Card.Model} is NaN or infinite on these images; wanted a model that computes numbers");
            progress?.Invoke(++done);
        }

        void Count(string name) => counts[name].Add(plans.Rows(0, name, batch, images.N));
        return done > 0 ? counts : throw new TrainingException("there are no images to calibrate with; wanted at least one");
    }

    /// <summary>A graph with further outputs.</summary>
    internal static Graph Probed(Graph graph, IEnumerable<(string Name, Value Value)> values)
    {
        var to = new Remap(graph);
        foreach (var node in graph.Nodes) to.Copy(node);
        to.Finish();
        foreach (var (name, value) in values) to.Graph.Output(name, to[value]);
        return to.Graph;
    }
}
