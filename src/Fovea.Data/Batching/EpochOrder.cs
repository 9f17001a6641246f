using Fovea.Data.Augment;
using Fovea.Data.Sampling;
using Fovea.Data.Sources;
using Fovea.Tensors;

namespace Fovea.Data.Batching;

/// <summary>In which order an epoch sees the samples, and which take the places of bad ones.</summary>
/// <remarks>
/// Places are served from the front. A bad sample is replaced by the last of the order that has not been served, so batches stay full, every good
/// sample is seen as often as it is there, and the epoch ends sooner by as many places as bad ones have. What is served follows from the seed, the epoch
/// and the set of bad samples alone. Samples that have several copies have them one after the other; then those of a bad sample are replaced by the copies
/// of another.
/// </remarks>
/// <param name="counts">How many times an epoch takes each sample.</param>
/// <param name="isTraining">
/// Whether each epoch has its own order, and copies take the places of other samples, of which the last then find none; otherwise epochs are as many times
/// longer as there are copies.
/// </param>
/// <param name="seed">What the order follows from.</param>
/// <param name="copies">How many copies of each sample follow each other.</param>
internal sealed class EpochOrder(SampleCounts counts, bool isTraining, ulong seed, int copies)
{
    private static readonly ulong s_stream = Draws.StreamOf("order");

    private readonly int[] _times = new int[counts.Images];
    private EpochPlace[] _entries = new EpochPlace[counts.Images];
    private int _countedBad;
    private int _good;

    /// <summary>The epoch whose order it is; −1 before the first.</summary>
    public long Epoch { get; private set; } = -1;

    /// <summary>All places of the epoch.</summary>
    public int Places { get; private set; }

    /// <summary>Behind the last place that is still served from the front; those from here on have replaced bad ones or were bad themselves.</summary>
    public int End { get; private set; }

    public EpochPlace this[int place]
    {
        get
        {
            var (sample, copy) = _entries[place / copies];
            return new(sample, (copy * copies) + (place % copies));
        }
    }

    /// <summary>Puts the samples in the order of an epoch, of which nothing is served yet.</summary>
    public void Start(long epoch)
    {
        if (Epoch != epoch) Fill(epoch);
        End = Places;
    }

    /// <summary>The places whose samples are not bad: as many as will be served.</summary>
    /// <param name="bad">The bad samples; those of before are among them.</param>
    public int GoodPlaces(IReadOnlyCollection<int> bad)
    {
        if (_countedBad == bad.Count) return _good;
        if (copies == 1 || !isTraining)
        {
            _good = Places - bad.Sum(sample => _times[sample] * (isTraining ? 1 : copies));
        }
        else
        {
            var isBad = bad.ToHashSet();
            _good = Enumerable.Range(0, Places).Count(place => !isBad.Contains(this[place].Sample));
        }

        _countedBad = bad.Count;
        return _good;
    }

    /// <summary>Goes through places that were served before, whose bad samples are known.</summary>
    public void Replay(int places, Func<int, bool> isBad)
    {
        for (var place = 0; place < Math.Min(places, End); place++)
            if (isBad(this[place].Sample)) Replace(place, other => !isBad(other.Sample));
    }

    /// <summary>Takes the last that <paramref name="tryServe"/> accepts for a place whose own is bad.</summary>
    /// <returns>Whether there was one; if not, the epoch ends before the place.</returns>
    public bool Replace(int place, Predicate<EpochPlace> tryServe)
    {
        while (--End > place)
            if (tryServe(this[End])) return true;
        return false;
    }

    /// <summary>The samples that are served in each batch, where it is known which are bad.</summary>
    /// <param name="first">The first batch; those before it have been served.</param>
    /// <param name="end">Behind the last batch.</param>
    /// <param name="size">The places of a batch.</param>
    /// <param name="isBad">Whether a sample is bad.</param>
    public IEnumerable<int[]> Batches(int first, int end, int size, Func<int, bool> isBad)
    {
        Replay(first * size, isBad);
        for (var number = first; number < end; number++)
        {
            var batch = new List<int>(size);
            for (var place = number * size; place < Math.Min((number + 1) * size, End); place++)
            {
                var sample = this[place].Sample;
                if (!isBad(sample) || Replace(place, other => !isBad(sample = other.Sample))) batch.Add(sample);
            }

            yield return [.. batch];
        }
    }

    private void Fill(long epoch)
    {
        var sum = counts.Fill(epoch, _times);
        if (_entries.Length < sum) _entries = new EpochPlace[sum];
        var next = 0;
        for (var sample = 0; sample < _times.Length; sample++)
            for (var copy = 0; copy < _times[sample]; copy++) _entries[next++] = new(sample, copy);
        if (isTraining) Shuffle.InPlace(_entries.AsSpan(0, sum), new Philox(seed, Philox.Stream(s_stream, (ulong)epoch)));
        (Epoch, Places) = (epoch, isTraining ? sum : checked(sum * copies));
        (_countedBad, _good) = (0, Places);
    }
}
