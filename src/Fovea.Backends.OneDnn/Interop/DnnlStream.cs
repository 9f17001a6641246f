namespace Fovea.Backends.OneDnn.Interop;

/// <summary>The order in which primitives run.</summary>
internal sealed class DnnlStream : IDisposable
{
    private const uint InOrder = 1;

    internal DnnlStream(Engine engine)
    {
        DnnlNative.Check(DnnlNative.dnnl_stream_create(out var handle, engine.Handle, InOrder));
        Handle = handle;
    }

    internal StreamHandle Handle { get; }

    /// <summary>Returns when all that was executed has finished; on CPUs each primitive has when its call returns.</summary>
    internal void Wait() => DnnlNative.Check(DnnlNative.dnnl_stream_wait(Handle));

    public void Dispose() => Handle.Dispose();
}
