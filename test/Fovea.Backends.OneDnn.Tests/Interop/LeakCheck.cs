using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Tests.Interop;

[assembly: AssemblyFixture(typeof(LeakCheck))]

namespace Fovea.Backends.OneDnn.Tests.Interop;

/// <summary>Fails the run if a test left a native handle to the finalizer.</summary>
public sealed class LeakCheck : IDisposable
{
    public void Dispose()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.DoesNotContain(DnnlHandle.Leaked, name => name != nameof(HandleTests.Dropped));
    }
}
