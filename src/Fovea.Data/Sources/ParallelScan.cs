using Fovea.Data.Decoding;
using Fovea.Data.Files;
using Fovea.Threads;

namespace Fovea.Data.Sources;

/// <summary>Looks at every image of a source on several threads; the results come in the source's order.</summary>
internal static class ParallelScan
{
    /// <param name="source">The images.</param>
    /// <param name="workers">Threads; 0 for one per core.</param>
    /// <param name="open">Makes a thread's own state.</param>
    /// <param name="look">Looks at one image; an <see cref="ImageException"/> makes it a bad one.</param>
    /// <param name="progress">Called with the number of images done, from any thread.</param>
    /// <param name="stop">Ends the scan, even if the system hangs.</param>
    public static (TResult?[] Results, List<BadImage> Bad) Run<TState, TResult>(
        IImageSource source, int workers, Func<TState> open, Func<TState, int, TResult> look, Action<int>? progress, CancellationToken stop)
        where TState : IDisposable
    {
        var results = new TResult?[source.Count];
        var failures = new ImageException?[source.Count];
        var done = 0;
        Interruptible.Run(
            () =>
            {
                SharedWork.For(source.Count, workers, open, Look, state => state.Dispose(), stop);
                return true;
            }, stop);

        var bad = from index in Enumerable.Range(0, source.Count)
                  where failures[index] is not null
                  select new BadImage(index, source.Key(index), source.ClassNames[source.Label(index)], failures[index]!.Message);
        return (results, [.. bad]);

        void Look(TState state, int index)
        {
            try
            {
                results[index] = look(state, index);
            }
            catch (ImageException e)
            {
                failures[index] = e;
            }

            progress?.Invoke(Interlocked.Increment(ref done));
        }
    }
}
