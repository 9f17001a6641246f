using System.Runtime.ExceptionServices;

namespace Fovea.Threads;

/// <summary>Work of many parts that the caller does itself, with the help of threads of the pool.</summary>
/// <remarks>
/// Nobody waits for a thread of the pool to begin: where all of them are busy, as in a server under load, the caller does every part.
/// <c>Parallel.For</c> waits there until the pool has grown, and, called in a loop by those who keep it busy, keeps it from growing.
/// </remarks>
public static class SharedWork
{
    /// <summary>Does every part once, in no order, and returns when all are done.</summary>
    /// <param name="count">How many parts.</param>
    /// <param name="threads">The most threads at a time, the caller's included; 0 for one per core.</param>
    /// <param name="work">Does the part of that number, from 0.</param>
    /// <remarks>The first exception that a part throws is thrown here as it is; parts that have not begun by then are left out.</remarks>
    public static void For(int count, int threads, Action<int> work) => For(count, threads, () => 0, (_, part) => work(part), _ => { });

    /// <summary>The same, with something that each thread opens before its first part and closes after its last.</summary>
    /// <param name="count">How many parts.</param>
    /// <param name="threads">The most threads at a time, the caller's included; 0 for one per core.</param>
    /// <param name="open">Makes what a thread works with.</param>
    /// <param name="work">Does a part with it.</param>
    /// <param name="close">Ends it.</param>
    /// <param name="stop">Parts that have not begun when it is set are left out.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set before every part had begun.</exception>
    public static void For<TState>(
        int count, int threads, Func<TState> open, Action<TState, int> work, Action<TState> close, CancellationToken stop = default)
    {
        if (count == 0) return;
        var parts = new Parts<TState>(count, open, work, close, stop);
        var most = Math.Min(count, threads > 0 ? threads : Environment.ProcessorCount);
        for (var helper = 1; helper < most; helper++) ThreadPool.UnsafeQueueUserWorkItem(parts, preferLocal: false);
        parts.Execute();
        parts.Wait();
    }

    private sealed class Parts<TState>(int count, Func<TState> open, Action<TState, int> work, Action<TState> close, CancellationToken stop)
        : IThreadPoolWorkItem
    {
        private readonly object _gate = new();
        private int _working;
        private int _begun;
        private ExceptionDispatchInfo? _failure;

        /// <summary>Does parts until none is left.</summary>
        public void Execute()
        {
            if (!Join()) return;
            try
            {
                var state = open();
                try
                {
                    while (Next() is { } part) work(state, part);
                }
                finally
                {
                    close(state);
                }
            }
            catch (Exception e)
            {
                Fail(e);
            }

            Leave();
        }

        /// <summary>Waits for those who help.</summary>
        internal void Wait()
        {
            lock (_gate)
            {
                while (_working > 0) Monitor.Wait(_gate);
            }

            _failure?.Throw();
        }

        /// <summary>Whether there is something left to do for one who comes now.</summary>
        private bool Join()
        {
            lock (_gate)
            {
                if (_begun >= count || _failure is not null) return false;
                _working++;
                return true;
            }
        }

        private int? Next()
        {
            lock (_gate)
            {
                if (_begun >= count || _failure is not null) return null;
                if (!stop.IsCancellationRequested) return _begun++;
            }

            throw new OperationCanceledException(stop);
        }

        private void Fail(Exception failure)
        {
            lock (_gate) _failure ??= ExceptionDispatchInfo.Capture(failure);
        }

        private void Leave()
        {
            lock (_gate)
            {
                if (--_working == 0) Monitor.PulseAll(_gate);
            }
        }
    }
}
