namespace Fovea.Data.Files;

/// <summary>Does work that may hang in the system, as reads from a network that is gone do, and leaves it behind when asked to stop.</summary>
internal static class Interruptible
{
    /// <summary>How long work may take to end by itself once it is asked to.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Does the work, on a thread of its own if it can be stopped. Work that ends in time counts, whenever it was asked to stop.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop and did not end; it goes on in the background, and what it uses must stay.</exception>
    public static T Run<T>(Func<T> work, CancellationToken stop) => Run(_ => work(), stop);

    /// <summary>The same, for work that is told when it is left behind.</summary>
    public static T Run<T>(Func<CancellationToken, T> work, CancellationToken stop)
    {
        if (!stop.CanBeCanceled) return work(default);
        var left = new CancellationTokenSource();
        var task = Task.Factory.StartNew(
            () => work(left.Token), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        var done = ((IAsyncResult)task).AsyncWaitHandle;
        WaitHandle.WaitAny([done, stop.WaitHandle]);
        if (done.WaitOne(Patience)) return task.GetAwaiter().GetResult();
        left.Cancel();
        throw new OperationCanceledException(stop);
    }
}
