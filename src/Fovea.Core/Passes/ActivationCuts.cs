using Fovea.Graphs;

namespace Fovea.Passes;

/// <summary>Where a forward pass is cut so that little memory is needed: for what crosses the cuts, and for the largest part between two of them.</summary>
internal static class ActivationCuts
{
    private const int MostParts = 64;

    /// <summary>Positions in a forward pass after which a part ends, ascending; empty where cuts save nothing.</summary>
    /// <param name="path">The nodes whose results are as large as a batch, each after those that it reads.</param>
    internal static IReadOnlyList<int> Choose(IReadOnlyList<Node> path)
    {
        var bytes = path.Select(node => node.Results.Sum(result => result.Type.Bytes)).ToArray();
        var crossing = Crossing(path);
        var (total, least, best) = (bytes.Sum(), bytes.Sum(), new List<int>());
        for (var parts = 2; parts <= Math.Min(MostParts, path.Count); parts++)
        {
            var cuts = Cut(bytes, crossing, total / parts);
            var need = cuts.Sum(cut => crossing[cut]) + LargestPart(bytes, cuts);
            if (need < least) (least, best) = (need, cuts);
        }

        return best;
    }

    /// <summary>Cuts as soon as a part is full, where least crosses in its second half.</summary>
    private static List<int> Cut(long[] bytes, long[] crossing, long limit)
    {
        var cuts = new List<int>();
        var (start, sum, cut) = (0, 0L, -1);
        for (var i = 0; i < bytes.Length; i++)
        {
            sum += bytes[i];
            if (sum >= limit / 2 && i < bytes.Length - 1 && (cut < start || crossing[i] <= crossing[cut])) cut = i;
            if (sum < limit || cut < start) continue;
            cuts.Add(cut);
            (start, sum, i) = (cut + 1, 0, cut);
        }

        return cuts;
    }

    private static long LargestPart(long[] bytes, List<int> cuts)
    {
        var (largest, sum, next) = (0L, 0L, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            sum += bytes[i];
            largest = Math.Max(largest, sum);
            if (next < cuts.Count && i == cuts[next]) (sum, next) = (0, next + 1);
        }

        return largest;
    }

    /// <summary>For each position, the bytes that are computed up to it and read after it.</summary>
    private static long[] Crossing(IReadOnlyList<Node> path)
    {
        var positions = path.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var lastReads = new Dictionary<Value, int>();
        foreach (var (i, node) in path.Index())
            foreach (var input in node.Inputs.Where(input => positions.ContainsKey(input.Node))) lastReads[input] = i;
        var changes = new long[path.Count + 1];
        foreach (var (value, last) in lastReads)
        {
            changes[positions[value.Node]] += value.Type.Bytes;
            changes[last] -= value.Type.Bytes;
        }

        var crossing = new long[path.Count];
        for (var (i, sum) = (0, 0L); i < crossing.Length; i++) crossing[i] = sum += changes[i];
        return crossing;
    }
}
