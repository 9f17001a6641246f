using System.Runtime.InteropServices;
using Fovea.Execution;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>Native threads that do nothing but exist until the end of the trial: whether the system grants them.</summary>
internal sealed unsafe class ThreadTrial : IDisposable
{
    /// <summary>More than the bytes of a sem_t, which are 32.</summary>
    private const int SemaphoreBytes = 128;

    private static readonly nint s_wait = NativeLibrary.GetExport(NativeLibrary.Load(LibC.Library), "sem_wait");

    private readonly List<nint> _threads = [];
    private readonly nint _semaphore = (nint)NativeMemory.AllocZeroed(SemaphoreBytes);

    internal ThreadTrial()
    {
        if (LibC.sem_init(_semaphore, pshared: 0, value: 0) != 0) throw new NativeException("sem_init refused a semaphore of this process");
    }

    /// <summary>Starts one more thread.</summary>
    /// <returns>Null, or what the system answered where it refused.</returns>
    internal string? Start()
    {
        // A thread's function takes and gives a pointer; sem_wait takes one, and its result in the same register is not looked at.
        var error = LibC.pthread_create(out var thread, attr: 0, s_wait, _semaphore);
        if (error == 0) _threads.Add(thread);
        return error == 0 ? null : Marshal.GetPInvokeErrorMessage(error);
    }

    public void Dispose()
    {
        for (var i = 0; i < _threads.Count; i++) _ = LibC.sem_post(_semaphore);
        foreach (var thread in _threads) _ = LibC.pthread_join(thread, retval: 0);
        NativeMemory.Free((void*)_semaphore);
    }
}
