using System.Runtime.InteropServices;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>An operation with shapes, layouts and the implementation that oneDNN chose for it.</summary>
internal sealed class PrimitiveDesc : IDisposable
{
    private readonly DnnlApi _api;
    private readonly DnnlHandle? _iterator;
    private readonly DnnlHandle? _operation;
    private readonly PrimitiveDescHandle? _hint;
    private PrimitiveDescHandle _handle;

    /// <param name="api">The library.</param>
    /// <param name="handle">The descriptor, owned from here on.</param>
    /// <param name="hint">The forward pass; it must outlive the search for implementations, so it is held.</param>
    /// <param name="iterator">2.6: what <see cref="NextImplementation"/> advances.</param>
    /// <param name="operation">2.6: the struct that <paramref name="iterator"/> refers to.</param>
    internal PrimitiveDesc(
        DnnlApi api, PrimitiveDescHandle handle, PrimitiveDesc? hint = null, DnnlHandle? iterator = null, DnnlHandle? operation = null)
    {
        (_api, _handle, _iterator, _operation) = (api, handle, iterator, operation);
        if (hint is null) return;
        var held = false;
        hint._handle.DangerousAddRef(ref held);
        _hint = hint._handle;
    }

    internal PrimitiveDescHandle Handle => _handle;

    /// <summary>The name of the implementation, as in <c>brgconv:avx512_core_vnni</c>; <c>ref:</c> and <c>simple:</c> are slow.</summary>
    internal string Implementation
    {
        get
        {
            DnnlNative.Check(DnnlNative.dnnl_primitive_desc_query(_handle, DnnlQuery.ImplementationInfo, 0, out var text));
            return Marshal.PtrToStringUTF8(text) ?? "";
        }
    }

    /// <summary>Scratch memory that an execution needs as DNNL_ARG_SCRATCHPAD; 0 if none.</summary>
    internal long ScratchpadBytes => Query(DnnlArg.DNNL_ARG_SCRATCHPAD)?.Bytes ?? 0;

    /// <summary>What the forward pass in training hands to the backward pass as DNNL_ARG_WORKSPACE; null if nothing.</summary>
    internal MemoryDesc? Workspace => Query(DnnlArg.DNNL_ARG_WORKSPACE);

    /// <summary>The descriptor of an argument, named by a DNNL_ARG_ constant; null if the operation has none of that name.</summary>
    internal MemoryDesc? Query(int arg) => _api.Copy(DnnlNative.dnnl_primitive_desc_query_md(_handle, DnnlQuery.ExecArgument, arg));

    /// <summary>Changes to the next implementation that can do this, in oneDNN's order of preference; false if this was the last.</summary>
    internal bool NextImplementation() => _api.NextImplementation(ref _handle, _iterator);

    internal Primitive CreatePrimitive() => new(this);

    public void Dispose()
    {
        if (!_handle.IsClosed) _hint?.DangerousRelease();
        _handle.Dispose();
        _iterator?.Dispose();
        _operation?.Dispose();
    }
}
