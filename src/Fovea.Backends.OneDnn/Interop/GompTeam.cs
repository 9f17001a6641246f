using System.Runtime.InteropServices;
using Fovea.Execution;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>Runs our own kernels on the threads that oneDNN uses: libgomp's team of the calling thread.</summary>
/// <remarks>A fork and join costs about a microsecond. Bodies must not throw: an exception cannot cross libgomp and ends the process.</remarks>
internal static unsafe partial class GompTeam
{
    private const string Library = "libgomp.so.1";

    static GompTeam() => OpenMpEnvironment.Prepare();

    /// <summary>How many threads a parallel region of the calling thread gets.</summary>
    internal static int MaxThreads => omp_get_max_threads();

    /// <summary>Inside a region: the number of the calling thread, from 0.</summary>
    internal static int ThreadNumber => omp_get_thread_num();

    /// <summary>Inside a region: how many threads it has.</summary>
    internal static int ThreadCount => omp_get_num_threads();

    /// <summary>Gives the calling thread a team: its parallel regions, oneDNN's too, get this many threads from now on.</summary>
    /// <remarks>libgomp ends the process where it cannot start a thread, so it is tried first whether as many can be started.</remarks>
    /// <exception cref="NativeException">The system refuses the threads.</exception>
    internal static void Form(int threads)
    {
        using (var trial = new ThreadTrial())
        {
            for (var thread = 1; thread < threads; thread++)
                if (trial.Start() is { } refusal) throw Refused(threads, thread, refusal);
        }

        omp_set_num_threads(threads);
        if (threads > 1) GOMP_parallel(&Nothing, 0, (uint)threads, 0);
    }

    /// <summary>That the system does not let a team be as large as was asked for.</summary>
    internal static NativeException Refused(int threads, int started, string refusal) => new(
        $"a team of {threads} threads to run plans on: the system let {started} be started and then answered «{refusal}»; "
        + "wanted room for all of them: raise the limit (ulimit -u, pids.max of the cgroup) "
        + "or ask for fewer (OMP_NUM_THREADS, ClassifierOptions.Sessions and ThreadsPerSession)");

    /// <summary>Calls <paramref name="body"/>(<paramref name="data"/>) once on each of <paramref name="threads"/> threads (0: as many as there are).</summary>
    internal static void Parallel(int threads, delegate* unmanaged<nint, void> body, nint data) => GOMP_parallel(body, data, (uint)threads, 0);

    /// <summary>Calls <paramref name="body"/>(part, parts, data) for each part from 0, spread over the team; returns when all are done.</summary>
    /// <remarks>
    /// Part p runs on thread p modulo the number of threads, so the same part finds its data in the same core's cache. The whole team takes
    /// part however few the parts are: libgomp ends the threads that a smaller region leaves out, and starts them anew for the next.
    /// </remarks>
    internal static void Run(int parts, delegate*<int, int, nint, void> body, nint data)
    {
        var threads = MaxThreads;
        if (parts == 1 || threads == 1)
        {
            for (var part = 0; part < parts; part++) body(part, parts, data);
            return;
        }

        var work = new Work { Body = body, Data = data, Parts = parts };
        GOMP_parallel(&RunParts, (nint)(&work), (uint)threads, 0);
    }

    [UnmanagedCallersOnly]
    private static void RunParts(nint address)
    {
        var work = (Work*)address;
        var threads = ThreadCount;
        for (var part = ThreadNumber; part < work->Parts; part += threads) work->Body(part, work->Parts, work->Data);
    }

    [UnmanagedCallersOnly]
    private static void Nothing(nint data)
    {
    }

    [LibraryImport(Library)]
    private static partial void GOMP_parallel(delegate* unmanaged<nint, void> fn, nint data, uint num_threads, uint flags);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    private static partial int omp_get_thread_num();

    [LibraryImport(Library)]
    [SuppressGCTransition]
    private static partial int omp_get_num_threads();

    [LibraryImport(Library)]
    private static partial int omp_get_max_threads();

    [LibraryImport(Library)]
    private static partial void omp_set_num_threads(int num_threads);

    private struct Work
    {
        internal delegate*<int, int, nint, void> Body;
        internal nint Data;
        internal int Parts;
    }
}
