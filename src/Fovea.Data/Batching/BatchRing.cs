using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Fovea.Data.Decoding;
using Fovea.Data.Files;
using Fovea.Data.Sources;

namespace Fovea.Data.Batching;

/// <summary>Threads that fill a ring of batches, some ahead of the consumer.</summary>
/// <remarks>
/// Which thread makes which row is chance; what is in the row is not. Every field below the gate is read and written under it (but for the word that
/// an epoch ends), rows are written by
/// the thread that took them, and a batch belongs to the consumer once no row is pending.
/// </remarks>
internal sealed class BatchRing : IDisposable
{
    private const int LargestChunk = 16;

    private readonly IImageSource _source;
    private readonly Func<SampleReader> _open;
    private readonly ImageBatch[] _slots;
    private readonly Thread[] _threads;
    private readonly int _batchSize;
    private readonly int _chunk;

    private readonly object _gate = new();
    private EpochOrder? _order;
    private long _epoch;
    private int _places;
    private int _next;
    private int _firstHeld;
    private int _busy;
    private long _workTicks;
    private ExceptionDispatchInfo? _fault;
    private bool _isClosed;
    private volatile bool _isStopping;

    public BatchRing(IImageSource source, LoaderOptions options, int imageLength, Func<SampleReader> open)
    {
        (_source, _open, _batchSize) = (source, open, options.BatchSize);
        _slots = [.. Enumerable.Range(0, options.Prefetch + 1).Select(_ => new ImageBatch(options.BatchSize, imageLength))];
        _chunk = Math.Clamp(options.BatchSize / (4 * options.WorkerCount), 1, LargestChunk);
        _threads = [.. Enumerable.Range(0, options.WorkerCount).Select(i => new Thread(Work) { IsBackground = true, Name = $"fovea-data-{i}" })];
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>The time that all threads together spent on images.</summary>
    public TimeSpan WorkTime
    {
        get
        {
            lock (_gate) return Stopwatch.GetElapsedTime(0, _workTicks);
        }
    }

    /// <summary>Begins with a batch of an epoch.</summary>
    public void Start(EpochOrder order, long epoch, int places, int firstBatch)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed || IsAbandoned, typeof(BatchLoader));
            (_order, _epoch, _places, _fault, _isStopping) = (order, epoch, places, null, false);
            (_next, _firstHeld) = (Math.Min(firstBatch * _batchSize, places), firstBatch);
            for (var i = 0; i < _slots.Length; i++) Prepare(firstBatch + i);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Whether a thread hangs in the system and was left behind: it may still write to a batch, so that none is freed.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Ends the epoch and waits until no thread touches a batch; once asked to stop, only a little while.</summary>
    public void Stop(CancellationToken stop)
    {
        using var registration = stop.UnsafeRegister(static ring => ((BatchRing)ring!).Wake(), this);
        lock (_gate)
        {
            (_next, _places, _isStopping) = (0, 0, true);
            while (_busy > 0 && !stop.IsCancellationRequested) Monitor.Wait(_gate);
            var asked = Stopwatch.GetTimestamp();
            while (_busy > 0 && !IsAbandoned)
            {
                var left = Interruptible.Patience - Stopwatch.GetElapsedTime(asked);
                IsAbandoned = left <= TimeSpan.Zero || (!Monitor.Wait(_gate, left) && _busy > 0);
            }
        }
    }

    /// <summary>Waits until all rows of a batch are made.</summary>
    public ImageBatch Wait(int batch, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var slot = _slots[batch % _slots.Length];
        using var registration = stop.UnsafeRegister(static ring => ((BatchRing)ring!).Wake(), this);
        lock (_gate)
        {
            while (slot.Pending > 0 && _fault is null && !stop.IsCancellationRequested && !_isClosed) Monitor.Wait(_gate);
            stop.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_isClosed, typeof(BatchLoader));
            _fault?.Throw();
        }

        slot.Waited = Stopwatch.GetElapsedTime(began);
        return slot;
    }

    /// <summary>Gives a batch back; its memory is used for a later one.</summary>
    public void Release(int batch)
    {
        lock (_gate)
        {
            _firstHeld = batch + 1;
            Prepare(batch + _slots.Length);
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }

        if (IsAbandoned) return;
        foreach (var thread in _threads) thread.Join();
        foreach (var slot in _slots) slot.Free();
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    private void Prepare(int batch)
    {
        var slot = _slots[batch % _slots.Length];
        slot.Number = batch;
        slot.Count = slot.Pending = Math.Clamp(_places - (batch * _batchSize), 0, _batchSize);
    }

    private void Work()
    {
        using var reader = new Lazily(_open);
        while (Take(out var from, out var to, out var epoch))
        {
            var began = Stopwatch.GetTimestamp();
            ExceptionDispatchInfo? fault = null;
            try
            {
                for (var place = from; place < to && !_isStopping; place++) Make(reader.Value, place, epoch);
            }
            catch (Exception e)
            {
                // Whatever it is, the consumer throws it: a thread of its own has nobody to tell.
                fault = ExceptionDispatchInfo.Capture(e);
            }

            Finish(from, to, Stopwatch.GetTimestamp() - began, fault);
        }
    }

    private bool Take(out int from, out int to, out long epoch)
    {
        lock (_gate)
        {
            while (!_isClosed && !(_next < _places && _next / _batchSize < _firstHeld + _slots.Length)) Monitor.Wait(_gate);
            var endOfBatch = ((_next / _batchSize) + 1) * _batchSize;
            (from, to, epoch) = (_next, Math.Min(Math.Min(_next + _chunk, endOfBatch), _places), _epoch);
            if (_isClosed) return false;
            _next = to;
            _busy++;
            return true;
        }
    }

    private void Make(SampleReader reader, int place, long epoch)
    {
        var slot = _slots[place / _batchSize % _slots.Length];
        var row = place % _batchSize;
        var (sample, copy) = _order![place];
        var (failure, warning) = ((ImageException?)null, (string?)null);
        try
        {
            warning = reader.Read(sample, copy, epoch, slot.Row(row));
        }
        catch (ImageException e)
        {
            failure = e;
        }

        slot.Set(row, sample, _source.Label(sample), failure, warning);
    }

    private void Finish(int from, int to, long ticks, ExceptionDispatchInfo? fault)
    {
        lock (_gate)
        {
            var slot = _slots[from / _batchSize % _slots.Length];
            slot.Pending -= to - from;
            _busy--;
            _workTicks += ticks;
            _fault ??= fault;
            if (slot.Pending == 0 || _busy == 0 || fault is not null) Monitor.PulseAll(_gate);
        }
    }

    // A thread's codecs are opened within the guarded part of its work, so that a missing library reaches the consumer.
    private sealed class Lazily(Func<SampleReader> open) : IDisposable
    {
        private SampleReader? _value;

        public SampleReader Value => _value ??= open();

        public void Dispose() => _value?.Dispose();
    }
}
