namespace Fovea.Backends.OneDnn.Interop;

/// <summary>The CPU as oneDNN's device.</summary>
internal sealed class Engine : IDisposable
{
    internal Engine()
    {
        DnnlNative.Check(DnnlNative.dnnl_engine_create(out var handle, DnnlEngineKind.Cpu, 0));
        Handle = handle;
    }

    internal EngineHandle Handle { get; }

    public void Dispose() => Handle.Dispose();
}
