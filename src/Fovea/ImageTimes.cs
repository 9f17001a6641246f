namespace Fovea;

/// <summary>The times that one lane has taken for an image alone, in ticks. One thread adds to them, any may read.</summary>
internal sealed class ImageTimes
{
    /// <summary>
    /// The shortest time of fewer images says little: had a busy machine made it long, the lane would seem slow and not be tried again.
    /// </summary>
    internal const int Trials = 16;

    private bool _isWarm;
    private int _images;
    private long _shortest;

    /// <summary>The shortest; null before one was measured.</summary>
    internal long? Shortest => Volatile.Read(ref _shortest) is var ticks and > 0 ? ticks : null;

    /// <summary>The shortest of <see cref="Trials"/> or more; null before.</summary>
    internal long? ShortestOfMany => Volatile.Read(ref _images) >= Trials ? Shortest : null;

    /// <summary>Takes one in. The first, of a run that prepares weights and touches memory for the first time, does not count.</summary>
    internal void Add(long ticks)
    {
        if (_isWarm)
        {
            Volatile.Write(ref _shortest, Math.Clamp(ticks, 1, Shortest ?? long.MaxValue));
            Volatile.Write(ref _images, Math.Min(_images + 1, Trials));
        }

        _isWarm = true;
    }
}
