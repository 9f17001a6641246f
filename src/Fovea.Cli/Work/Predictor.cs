using Fovea.Data.Batching;
using Fovea.Execution;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Cli.Work;

/// <summary>One class that an image may be of.</summary>
internal readonly record struct Prediction(int Class, double Probability);

/// <summary>Runs a model on images that have no labels.</summary>
internal static class Predictor
{
    /// <summary>The likeliest classes of each image of a loader, the likeliest first; images that could not be read are left out.</summary>
    /// <param name="model">The model.</param>
    /// <param name="backend">What runs it.</param>
    /// <param name="precision">The arithmetic.</param>
    /// <param name="loader">The images.</param>
    /// <param name="top">How many classes.</param>
    /// <param name="stop">Asked between batches.</param>
    internal static SortedDictionary<int, Prediction[]> Run(
        ModelSource model, IBackend backend, Precision precision, BatchLoader loader, int top, CancellationToken stop)
    {
        var results = new SortedDictionary<int, Prediction[]>();
        var plans = new Dictionary<int, IExecutable>();
        using var session = backend.Open();
        try
        {
            foreach (var batch in loader.Epoch(0, 0, stop))
            {
                if (!plans.TryGetValue(batch.Count, out var plan)) plans[batch.Count] = plan = Compile(session, model, precision, batch.Count, isFirst: plans.Count == 0);
                batch.Images.Span.CopyTo(plan.Floats("input"));
                plan.Run();
                var logits = plan.Result("logits");
                for (var row = 0; row < batch.Count; row++)
                    results[batch.Samples.Span[row]] = Top(logits.Slice(row * model.ClassCount, model.ClassCount), top);
            }

            return results;
        }
        finally
        {
            foreach (var plan in plans.Values) plan.Dispose();
        }
    }

    private static IExecutable Compile(ISession session, ModelSource model, Precision precision, int count, bool isFirst)
    {
        var plan = session.Compile(model.Graph(count).In(precision));
        if (!isFirst) return plan;
        foreach (var (name, tensor) in model.Tensors) session.Write(name, tensor);
        return plan;
    }

    /// <summary>Softmax, and its largest values; among equal ones the first class.</summary>
    private static Prediction[] Top(ReadOnlySpan<float> logits, int top)
    {
        double max = float.NegativeInfinity;
        foreach (var z in logits) max = Math.Max(max, z);
        var all = new Prediction[logits.Length];
        var sum = 0.0;
        for (var c = 0; c < all.Length; c++)
        {
            all[c] = new(c, Math.Exp(logits[c] - max));
            sum += all[c].Probability;
        }

        return [.. all.OrderByDescending(p => p.Probability).ThenBy(p => p.Class).Take(top).Select(p => p with { Probability = p.Probability / sum })];
    }
}
