using System.Globalization;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>Sets what libgomp reads when it is loaded; what the user has set stays.</summary>
/// <remarks>
/// OMP_NUM_THREADS becomes the processors this process may use (affinity and cgroup limit; libgomp knows the first only).
/// GOMP_SPINCOUNT becomes 1000, because waiting threads otherwise spin for milliseconds on cores that others need.
/// .NET's own Environment.SetEnvironmentVariable does not reach native code.
/// </remarks>
internal static class OpenMpEnvironment
{
    private static readonly Lock s_lock = new();
    private static bool s_prepared;

    internal static void Prepare()
    {
        lock (s_lock)
        {
            if (s_prepared) return;
            LibC.setenv("OMP_NUM_THREADS", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), overwrite: 0);
            if (LibC.getenv("OMP_WAIT_POLICY") == 0) LibC.setenv("GOMP_SPINCOUNT", "1000", overwrite: 0);
            s_prepared = true;
        }
    }
}
