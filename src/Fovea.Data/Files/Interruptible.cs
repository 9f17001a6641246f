using System.Diagnostics;

namespace Fovea.Data.Files;

/// <summary>Does work that may hang in the system, as reads from a network that is gone do, and leaves it behind when asked to stop.</summary>
internal static class Interruptible
{
    /// <summary>How long work may take to end by itself once it is asked to.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The same in the units of <see cref="Stopwatch"/>.</summary>
    internal static long PatienceTicks => (long)(Patience.TotalSeconds * Stopwatch.Frequency);

    /// <summary>Does the work, on a thread of its own if it can be stopped.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop and did not end; it goes on in the background, and what it uses must stay.</exception>
    public static T Run<T>(Func<T> work, CancellationToken stop)
    {
        if (!stop.CanBeCanceled) return work();
        var task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        var done = ((IAsyncResult)task).AsyncWaitHandle;
        WaitHandle.WaitAny([done, stop.WaitHandle]);
        if (!done.WaitOne(Patience)) throw new OperationCanceledException(stop);
        return task.GetAwaiter().GetResult();
    }
}
