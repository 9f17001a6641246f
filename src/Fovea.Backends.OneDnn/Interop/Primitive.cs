using Fovea.Execution;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>Compiled code for an operation. One primitive may serve many nodes, with different arguments.</summary>
internal sealed unsafe class Primitive : IDisposable
{
    private readonly PrimitiveHandle _handle;

    internal Primitive(PrimitiveDesc desc)
    {
        DnnlNative.Check(DnnlNative.dnnl_primitive_create(out _handle, desc.Handle));
    }

    /// <summary>Runs the primitive: one native call, no managed allocation.</summary>
    /// <exception cref="NativeException">An argument is missing or superfluous.</exception>
    internal void Execute(DnnlStream stream, ExecArgs args)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        ObjectDisposedException.ThrowIf(args.IsDisposed, args);
        DnnlNative.Check(DnnlNative.dnnl_primitive_execute(
            _handle.DangerousGetHandle(), stream.Handle.DangerousGetHandle(), args.Count, args.Pointer));
        GC.KeepAlive(this);
        GC.KeepAlive(stream);
        GC.KeepAlive(args);
    }

    public void Dispose() => _handle.Dispose();
}
