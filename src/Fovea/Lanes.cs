using Fovea.Backends.OneDnn;
using Fovea.Formats.Artefact;

namespace Fovea;

/// <summary>Distributes requests over threads, in the order in which they come.</summary>
/// <remarks>
/// There are narrow lanes, which compute side by side, and, unless the user has said how many sessions of how many threads there are, a wide one
/// with a team of all cores, which computes alone. Narrow lanes are used from as many requests on as the team is times faster than
/// one thread: below that the wide lane, one request after the other, is sooner done.
/// </remarks>
internal sealed class Lanes : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Request> _waiting = [];
    private readonly List<ComputeThread> _threads = [];
    private readonly OneDnnSession? _session;
    private readonly List<Lane> _narrow = null!;
    private readonly Lane? _wide;
    private int _busy;
    private bool _isDisposed;

    /// <summary>Starts the threads, compiles the model for one image, and computes what depends on weights alone.</summary>
    internal Lanes(FoveaModel model, OneDnnBackend backend, ClassifierOptions options, int cores)
    {
        var isFree = options is { Sessions: 0, ThreadsPerSession: 0 };
        var fitting = Fitting(cores, model.Weights.Values.Sum(weight => (long)weight.Bytes.Length), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        var (sessions, threads) = Sizes(options, cores, fitting);
        var hasWide = isFree && sessions > 1;
        try
        {
            if (hasWide) _threads.Add(new(cores));
            for (var i = 0; i < sessions; i++) _threads.Add(new(threads));
            _session = backend.Open(_threads[0]);
            List<Lane> lanes = [.. _threads.Select(thread => new Lane(model, _session, options, thread))];
            _wide = hasWide ? lanes[0] : null;
            _narrow = hasWide ? lanes[1..] : lanes;
            _threads[0].Run(() => WarmUp(lanes[0], model, _session));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// How many narrow lanes a classifier that is left to itself has: one for a core, unless their copies of weights took a quarter of the memory.
    /// </summary>
    /// <remarks>A copy in the layout of primitives may take twice the bytes of the weights: Winograd's does.</remarks>
    internal static int Fitting(int cores, long weightBytes, long memory) => (int)Math.Clamp(memory / 8 / Math.Max(1, weightBytes), 1, cores);

    /// <summary>How many sessions there are besides that of a whole team, and how many threads each has.</summary>
    /// <param name="options">What the user has said.</param>
    /// <param name="cores">The threads that work on a plan otherwise.</param>
    /// <param name="fitting">How many sessions there are where the user has said nothing.</param>
    internal static (int Sessions, int Threads) Sizes(ClassifierOptions options, int cores, int fitting) => (options.Sessions, options.ThreadsPerSession) switch
    {
        (0, 0) => fitting == 1 ? (1, cores) : (fitting, 1),
        (0, var threads) => (Math.Max(1, cores / threads), threads),
        (var sessions, 0) => (sessions, Math.Max(1, cores / sessions)),
        var both => both,
    };

    /// <summary>Whether requests side by side, each on one thread, give more images per second than one after the other on the whole team.</summary>
    /// <param name="requests">How many requests side by side.</param>
    /// <param name="alone">The time of an image on one thread; null where it is not known yet: then it is tried.</param>
    /// <param name="team">The time of an image on the whole team.</param>
    internal static bool IsNarrowFaster(int requests, long? alone, long? team) => requests > 1 && (alone is null || team is null || requests * team >= alone);

    /// <summary>Has the logits of some images computed.</summary>
    /// <exception cref="ObjectDisposedException">The classifier was disposed of.</exception>
    internal Task<float[]> Serve(ReadOnlyMemory<float> images, int count, CancellationToken stop = default)
    {
        var request = new Request(images, count);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(Classifier));
            _waiting.Enqueue(request);
            Distribute();
        }

        return stop.CanBeCanceled ? Cancellable(request, stop) : request.Logits;
    }

    /// <summary>Ends the threads, once all that was asked for is computed, and frees plans and weights.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            while (_busy > 0) Monitor.Wait(_gate);
        }

        _session?.Dispose();
        foreach (var thread in _threads) thread.Dispose();
    }

    private static async Task<float[]> Cancellable(Request request, CancellationToken stop)
    {
        await using var registration = stop.UnsafeRegister(_ => request.Cancel(stop), null);
        return await request.Logits.ConfigureAwait(false);
    }

    /// <summary>Compiles the plan for one image, gives the session its weights, and computes what depends on them alone.</summary>
    private static void WarmUp(Lane lane, FoveaModel model, OneDnnSession session)
    {
        lane.Prepare();
        foreach (var (name, tensor) in model.Weights)
        {
            Finite.Check(tensor, name, model.Card);
            session.Write(name, tensor);
        }

        var image = new float[model.Graph.Variable(FoveaModel.InputName).Shape.Elements];
        for (var run = 0; run < 2; run++) Finite.Check(lane.Logits(image, 1), "an image of the mean colour", model.Card);
    }

    /// <summary>Gives waiting requests to lanes for as long as one is free for the next.</summary>
    private void Distribute()
    {
        while (_waiting.TryPeek(out var next) && LaneFor(next) is { } lane)
        {
            _waiting.Dequeue();
            lane.IsBusy = true;
            _busy++;
            lane.Post(() => Compute(next, lane));
        }
    }

    /// <summary>The lane that takes a request now; null where it has to wait.</summary>
    private Lane? LaneFor(Request next)
    {
        if (_wide is null) return _narrow.Find(lane => !lane.IsBusy);
        if (_wide.IsBusy) return null;
        if (next.Count == 1 && IsNarrowFaster(_busy + _waiting.Count)) return _narrow.Find(lane => !lane.IsBusy);
        return _busy == 0 ? _wide : null;
    }

    private bool IsNarrowFaster(int requests) =>
        IsNarrowFaster(Math.Min(requests, _narrow.Count), _narrow.Min(lane => lane.Times.ShortestOfMany), _wide!.Times.Shortest);

    private void Compute(Request request, Lane lane) => request.Serve(lane, () =>
    {
        lock (_gate)
        {
            lane.IsBusy = false;
            _busy--;
            Distribute();
            if (_isDisposed && _busy == 0) Monitor.PulseAll(_gate);
        }
    });
}
