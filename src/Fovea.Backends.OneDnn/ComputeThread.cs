using System.Runtime.ExceptionServices;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Execution;

namespace Fovea.Backends.OneDnn;

/// <summary>A thread that runs plans, with the team of threads over which their parallel parts are spread. Nobody else's thread gets a team.</summary>
/// <remarks>Safe for use from several threads: work is done in the order in which it was given. Waiting threads sleep.</remarks>
public sealed class ComputeThread : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<(Action Work, Call? Call)> _waiting = [];
    private readonly Thread _thread;
    private bool _isEnding;

    /// <summary>Starts the thread and its team.</summary>
    /// <param name="threads">
    /// How many threads work on a plan, this one included: from 1; 0 (the default) for as many as <see cref="OneDnnBackend.Threads"/>.
    /// </param>
    /// <exception cref="NativeException">oneDNN is not installed, or the system refuses a thread.</exception>
    public ComputeThread(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Threads = threads > 0 ? threads : DnnlLibrary.Current.Threads;
        _thread = new(Loop) { IsBackground = true, Name = "fovea plans" };
        try
        {
            _thread.Start();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            throw GompTeam.Refused(Threads, 0, e is OutOfMemoryException ? "no thread or no memory for one" : e.Message);
        }

        try
        {
            Run(() => GompTeam.Form(Threads));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How many threads work on a plan, this one included.</summary>
    public int Threads { get; }

    /// <summary>Does work on this thread and returns when it is done; at once where the caller is this thread. Nothing is allocated.</summary>
    /// <exception cref="ObjectDisposedException">The thread has ended.</exception>
    /// <remarks>What <paramref name="work"/> throws is thrown here.</remarks>
    public void Run(Action work)
    {
        if (Thread.CurrentThread == _thread)
        {
            work();
            return;
        }

        var call = Call.OfThisThread;
        ObjectDisposedException.ThrowIf(!TryGive(work, call), this);
        call.Wait();
    }

    /// <summary>Has work done on this thread, and does not wait for it; an exception that it throws ends the process.</summary>
    /// <exception cref="ObjectDisposedException">The thread has ended.</exception>
    public void Post(Action work) => ObjectDisposedException.ThrowIf(!TryGive(work, null), this);

    /// <summary>Ends the thread and its team, once all the work that was given is done.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.Pulse(_gate);
        }

        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    /// <summary>Does the last work for something that the thread alone uses: on the thread, or on the caller's once the thread has ended.</summary>
    internal void Finish(Action work)
    {
        var call = Call.OfThisThread;
        if (Thread.CurrentThread != _thread && TryGive(work, call))
        {
            call.Wait();
            return;
        }

        if (Thread.CurrentThread != _thread) _thread.Join();
        work();
    }

    /// <summary>Takes work in unless the thread is ending.</summary>
    private bool TryGive(Action work, Call? call)
    {
        lock (_gate)
        {
            if (_isEnding) return false;
            _waiting.Enqueue((work, call));
            Monitor.Pulse(_gate);
            return true;
        }
    }

    private void Loop()
    {
        while (Next() is var (work, call))
        {
            if (call is null) work();
            else call.Do(work);
        }
    }

    /// <summary>The next work; null when the thread is to end.</summary>
    private (Action Work, Call? Call)? Next()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_isEnding) return null;
                Monitor.Wait(_gate);
            }

            return _waiting.Dequeue();
        }
    }

    /// <summary>Work that somebody waits for; a thread waits for one at a time.</summary>
    private sealed class Call
    {
        [ThreadStatic]
        private static Call? t_own;

        private ExceptionDispatchInfo? _failure;
        private bool _isDone;

        internal static Call OfThisThread => t_own ??= new();

        internal void Do(Action work)
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }

            lock (this)
            {
                _isDone = true;
                Monitor.Pulse(this);
            }
        }

        /// <summary>Waits to the end whoever interrupts, because the work uses what the caller will free.</summary>
        internal void Wait()
        {
            var wasInterrupted = false;
            while (!Volatile.Read(ref _isDone))
            {
                try
                {
                    lock (this)
                    {
                        if (!_isDone) Monitor.Wait(this);
                    }
                }
                catch (ThreadInterruptedException)
                {
                    wasInterrupted = true;
                }
            }

            _isDone = false;
            if (wasInterrupted) Thread.CurrentThread.Interrupt();
            var failure = _failure;
            _failure = null;
            failure?.Throw();
        }
    }
}
