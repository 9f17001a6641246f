using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>Owns one native object; a handle that the finalizer had to release is a leak, and its type is listed.</summary>
internal abstract class DnnlHandle() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
{
    private static readonly ConcurrentQueue<string> s_leaked = [];

    /// <summary>The type names of handles that were not disposed of; tests assert that it is empty.</summary>
    internal static IReadOnlyCollection<string> Leaked => s_leaked;

    public override bool IsInvalid => handle == 0;

    protected override void Dispose(bool disposing)
    {
        if (!disposing && !IsInvalid && !IsClosed) s_leaked.Enqueue(GetType().Name);
        base.Dispose(disposing);
    }
}

internal sealed class EngineHandle : DnnlHandle
{
    protected override bool ReleaseHandle() => DnnlNative.dnnl_engine_destroy(handle) == DnnlStatus.Success;
}

internal sealed class StreamHandle : DnnlHandle
{
    protected override bool ReleaseHandle() => DnnlNative.dnnl_stream_destroy(handle) == DnnlStatus.Success;
}

internal sealed class MemoryHandle : DnnlHandle
{
    protected override bool ReleaseHandle() => DnnlNative.dnnl_memory_destroy(handle) == DnnlStatus.Success;
}

internal sealed class AttributeHandle : DnnlHandle
{
    protected override bool ReleaseHandle() => DnnlNative.dnnl_primitive_attr_destroy(handle) == DnnlStatus.Success;
}

internal sealed class PostOpsHandle : DnnlHandle
{
    protected override bool ReleaseHandle() => DnnlNative.dnnl_post_ops_destroy(handle) == DnnlStatus.Success;
}

internal sealed class PrimitiveHandle : DnnlHandle
{
    protected override bool ReleaseHandle() => DnnlNative.dnnl_primitive_destroy(handle) == DnnlStatus.Success;
}

internal sealed class PrimitiveDescHandle : DnnlHandle
{
    /// <summary>Stands for NULL where a hint is optional.</summary>
    internal static PrimitiveDescHandle None { get; } = new();

    protected override bool ReleaseHandle() => DnnlNative.dnnl_primitive_desc_destroy(handle) == DnnlStatus.Success;
}

/// <summary>An iterator over the implementations of an operation, oneDNN 2.6 only.</summary>
internal sealed class PrimitiveDescIteratorHandle : DnnlHandle
{
    protected override bool ReleaseHandle() => DnnlNative2.dnnl_primitive_desc_iterator_destroy(handle) == DnnlStatus.Success;
}

/// <summary>A dnnl_memory_desc_t of oneDNN 3.x.</summary>
internal sealed class MemoryDescHandle : DnnlHandle
{
    protected override bool ReleaseHandle() => DnnlNative3.dnnl_memory_desc_destroy(handle) == DnnlStatus.Success;
}

/// <summary>A zeroed block of the C heap: the caller-owned descriptor structs of oneDNN 2.6, and argument arrays.</summary>
internal sealed unsafe class HeapBlock : DnnlHandle
{
    internal HeapBlock(int bytes) => SetHandle((nint)NativeMemory.AllocZeroed((nuint)bytes));

    internal nint Pointer => handle;

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
