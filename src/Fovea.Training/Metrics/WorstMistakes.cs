namespace Fovea.Training.Metrics;

/// <summary>Keeps those mistakes of which the model was surest.</summary>
internal sealed class WorstMistakes
{
    /// <summary>How many are kept.</summary>
    internal const int Most = 36;

    // The least of those that are kept comes first; of equal ones that with the highest number.
    private readonly PriorityQueue<Mistake, (double Probability, int Earlier)> _kept = new();

    internal void Add(Mistake mistake)
    {
        var rank = (mistake.Probability, -mistake.Image);
        if (_kept.Count < Most) _kept.Enqueue(mistake, rank);
        else _kept.EnqueueDequeue(mistake, rank);
    }

    /// <summary>The worst first.</summary>
    internal IReadOnlyList<Mistake> Sorted() =>
        [.. _kept.UnorderedItems.OrderByDescending(entry => entry.Priority).Select(entry => entry.Element)];
}
