using Fovea.Data.Augment;
using Fovea.Data.Sources;
using Fovea.Tensors;

namespace Fovea.Data.Batching;

/// <summary>In which order an epoch sees the samples, and which take the places of bad ones.</summary>
/// <remarks>
/// Places are served from the front. A bad sample is replaced by the last of the order that has not been served, so batches stay full, every good
/// sample is seen once, and the epoch ends sooner by as many as are bad. What is served follows from the seed, the epoch and the set of bad
/// samples alone.
/// </remarks>
internal sealed class EpochOrder
{
    private static readonly ulong s_stream = Draws.StreamOf("order");

    private readonly int[] _samples;
    private readonly bool _isShuffled;
    private readonly ulong _seed;

    public EpochOrder(int count, bool isShuffled, ulong seed)
    {
        (_samples, _isShuffled, _seed) = (new int[count], isShuffled, seed);
    }

    /// <summary>Behind the last place that is still served from the front; those from here on have replaced bad ones or were bad themselves.</summary>
    public int End { get; private set; }

    public int this[int place] => _samples[place];

    /// <summary>Puts the samples in the order of an epoch.</summary>
    public void Start(long epoch)
    {
        for (var i = 0; i < _samples.Length; i++) _samples[i] = i;
        if (_isShuffled) Shuffle.InPlace(_samples, new Philox(_seed, Philox.Stream(s_stream, (ulong)epoch)));
        End = _samples.Length;
    }

    /// <summary>Goes through places that were served before, whose bad samples are known.</summary>
    public void Replay(int places, Func<int, bool> isBad)
    {
        for (var place = 0; place < Math.Min(places, End); place++)
            if (isBad(_samples[place])) Replace(place, sample => !isBad(sample));
    }

    /// <summary>Takes the last sample that <paramref name="tryServe"/> accepts for a place whose own is bad.</summary>
    /// <returns>Whether there was one; if not, the epoch ends before the place.</returns>
    public bool Replace(int place, Predicate<int> tryServe)
    {
        while (--End > place)
            if (tryServe(_samples[End])) return true;
        return false;
    }
}
