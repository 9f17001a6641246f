using System.Diagnostics;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Training.Batches;
using Fovea.Training.Steps;

namespace Fovea.Training;

/// <summary>What frozen parts of a model make of each training image, kept in memory.</summary>
internal sealed class KeptFeatures
{
    private readonly IFixedImages _images;
    private readonly float[]?[] _features;
    private readonly int[] _labels;

    private KeptFeatures(IFixedImages images) => (_images, _features, _labels) = (images, new float[images.Count][], new int[images.Count]);

    /// <summary>Computes them, for the variables as they are in a session.</summary>
    /// <param name="images">The images.</param>
    /// <param name="session">Where the variables live.</param>
    /// <param name="before">The part of the model that makes features, for a batch size.</param>
    /// <param name="stop">Asked between batches.</param>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    internal static KeptFeatures Of(IFixedImages images, ISession session, Func<int, Graph> before, CancellationToken stop)
    {
        var kept = new KeptFeatures(images);
        using var plans = new BatchPlans<IExecutable>(images.BatchSize, count => session.Compile(before(count)));
        foreach (var (batch, numbers) in images.All(stop))
        {
            stop.ThrowIfCancellationRequested();
            var plan = plans.For(batch.Count);
            batch.Images.Span.CopyTo(plan.Floats(TrainingGraph.Images));
            plan.Run();
            kept.Take(batch, numbers.Span, plan.Result(FrozenFeatures.Output));
        }

        return kept;
    }

    /// <summary>The batches of an epoch, features in the place of images.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="first">The batch to start with.</param>
    /// <param name="stop">Asked between batches.</param>
    internal IEnumerable<Batch> Epoch(int epoch, int first, CancellationToken stop)
    {
        float[] features = [];
        foreach (var numbers in _images.Order(epoch, first))
        {
            stop.ThrowIfCancellationRequested();
            var (count, length) = (numbers.Length, Row(numbers.Span[0]).Length);
            if (features.Length < count * length) features = new float[count * length];
            var labels = new int[count];
            for (var n = 0; n < count; n++)
            {
                var number = numbers.Span[n];
                Row(number).CopyTo(features, n * length);
                labels[n] = _labels[number];
            }

            yield return new(count, features.AsMemory(0, count * length), labels);
        }
    }

    private void Take(Batch batch, ReadOnlySpan<int> numbers, ReadOnlySpan<float> features)
    {
        var length = features.Length / batch.Count;
        for (var n = 0; n < batch.Count; n++)
            (_features[numbers[n]], _labels[numbers[n]]) = (features.Slice(n * length, length).ToArray(), batch.Labels.Span[n]);
    }

    private float[] Row(int number) => _features[number] ?? throw new UnreachableException($"the order has image {number}, of which there are no features");
}
