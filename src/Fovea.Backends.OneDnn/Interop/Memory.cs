namespace Fovea.Backends.OneDnn.Interop;

/// <summary>A tensor's descriptor and the address of its elements, which somebody else owns.</summary>
/// <remarks>
/// oneDNN 2.6 writes zeros to the padding of a blocked tensor whenever an address is set, so an address that other live tensors share
/// must not be set during a step. The address should be a multiple of 64.
/// </remarks>
internal sealed class Memory : IDisposable
{
    internal Memory(Engine engine, MemoryDesc desc, nint pointer)
    {
        Desc = desc;
        DnnlNative.Check(DnnlNative.dnnl_memory_create(out var handle, desc.Pointer, engine.Handle, pointer));
        Handle = handle;
    }

    internal MemoryDesc Desc { get; }

    internal nint Pointer
    {
        get
        {
            DnnlNative.Check(DnnlNative.dnnl_memory_get_data_handle(Handle, out var pointer));
            return pointer;
        }
    }

    internal MemoryHandle Handle { get; }

    internal void SetPointer(nint pointer) => DnnlNative.Check(DnnlNative.dnnl_memory_set_data_handle(Handle, pointer));

    public void Dispose() => Handle.Dispose();
}
