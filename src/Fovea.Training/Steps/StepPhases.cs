using Fovea.Graphs;

namespace Fovea.Training.Steps;

/// <summary>
/// How the phases of a step, gradient → exchange → update, are arranged in graphs. Phases with nothing between them are one graph. Where several batches make
/// an update, or gradients are exchanged, they lie in slots between the graphs, as sums over images.
/// </summary>
/// <param name="OfBatch">What is run for every batch, in this order: graphs for a number of images.</param>
/// <param name="Update">What is run after the last batch of an update; null where it is part of the graph of the batch.</param>
internal sealed record StepPhases(IReadOnlyList<Func<int, StepGraph>> OfBatch, Func<StepGraph>? Update)
{
    /// <summary>The arrangement for a model.</summary>
    /// <param name="model">The inference graph for a number of images.</param>
    /// <param name="options">What a step does.</param>
    /// <param name="accumulates">Whether several batches make an update.</param>
    /// <param name="exchanges">Whether gradients are exchanged, also those from which an optimiser looks elsewhere.</param>
    internal static StepPhases Of(Func<int, Graph> model, TrainingGraphOptions options, bool accumulates, bool exchanges)
    {
        if (!accumulates && !exchanges) return new([count => TrainingGraph.Build(model(count), options)], null);
        var last = GradientPhases.CountOf(options) - 1;
        Func<int, StepGraph> Phases(int from, int to) => count => TrainingGraph.BuildGradients(model(count), options, from, to);
        return new(
            exchanges ? [.. Enumerable.Range(0, last + 1).Select(phase => Phases(phase, phase))] : [Phases(0, last)],
            () => TrainingGraph.BuildUpdate(Phases(0, last)(1), options));
    }
}
