namespace Fovea;

/// <summary>Images that wait for their logits.</summary>
/// <param name="images">The images, one after the other; the caller's memory until <see cref="Logits"/> is settled.</param>
/// <param name="count">How many.</param>
internal sealed class Request(ReadOnlyMemory<float> images, int count)
{
    private readonly TaskCompletionSource<float[]> _logits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isTaken;

    internal int Count => count;

    /// <summary>The logits of all images; those who wait go on on threads of their own.</summary>
    internal Task<float[]> Logits => _logits.Task;

    /// <summary>Gives up a request that is still waiting; one that is computed already is completed.</summary>
    internal void Cancel(CancellationToken stop)
    {
        if (IsMine()) _logits.SetCanceled(stop);
    }

    /// <summary>On the thread of a lane: computes the logits, unless the request was given up.</summary>
    /// <param name="lane">What computes them.</param>
    /// <param name="release">Called before those who wait learn of it, so that the lane is free when their next request comes.</param>
    internal void Serve(Lane lane, Action release)
    {
        var (isMine, logits, failure) = (IsMine(), Array.Empty<float>(), (Exception?)null);
        try
        {
            if (isMine) logits = lane.Logits(images.Span, count);
        }
        catch (Exception e)
        {
            failure = e;
        }

        release();
        if (!isMine) return;
        if (failure is null) _logits.SetResult(logits);
        else _logits.SetException(failure);
    }

    private bool IsMine() => Interlocked.Exchange(ref _isTaken, 1) == 0;
}
