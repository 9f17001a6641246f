using Fovea.Data.Augment;
using Fovea.Data.Sources;
using Fovea.Tensors;

namespace Fovea.Data.Batching;

/// <summary>In which order an epoch sees the samples, and which take the places of bad ones.</summary>
/// <remarks>
/// Places are served from the front. A bad sample is replaced by the last of the order that has not been served, so batches stay full, every good
/// sample is seen once, and the epoch ends sooner by as many as are bad. What is served follows from the seed, the epoch and the set of bad
/// samples alone. Samples that have several copies have them one after the other; then those of a bad sample are replaced by the copies of another.
/// </remarks>
internal sealed class EpochOrder
{
    private static readonly ulong s_stream = Draws.StreamOf("order");

    private readonly int[] _samples;
    private readonly int _copies;
    private readonly bool _isShuffled;
    private readonly ulong _seed;

    /// <summary>An order, before the first epoch.</summary>
    /// <param name="count">How many samples there are.</param>
    /// <param name="isShuffled">Whether each epoch has its own order.</param>
    /// <param name="seed">What that follows from.</param>
    /// <param name="copies">How many copies of each sample follow each other.</param>
    /// <param name="places">How many places there are: with several copies, the last samples of the order may find none.</param>
    public EpochOrder(int count, bool isShuffled, ulong seed, int copies, int places)
    {
        (_samples, _isShuffled, _seed, _copies, Places) = (new int[count], isShuffled, seed, copies, places);
    }

    /// <summary>All places of an epoch.</summary>
    public int Places { get; }

    /// <summary>Behind the last place that is still served from the front; those from here on have replaced bad ones or were bad themselves.</summary>
    public int End { get; private set; }

    public EpochPlace this[int place] => new(_samples[place / _copies], place % _copies);

    /// <summary>Puts the samples in the order of an epoch.</summary>
    public void Start(long epoch)
    {
        for (var i = 0; i < _samples.Length; i++) _samples[i] = i;
        if (_isShuffled) Shuffle.InPlace(_samples, new Philox(_seed, Philox.Stream(s_stream, (ulong)epoch)));
        End = Places;
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
}
