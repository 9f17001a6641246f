using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fovea.Execution;

[assembly: DisableRuntimeMarshalling]

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>The part of the oneDNN C API that 2.6 and 3.x share, each function declared once and named as in <c>oneapi/dnnl/dnnl.h</c>.</summary>
/// <remarks>
/// A memory descriptor is passed by address in both: of a struct in 2.6, of an opaque object in 3.x. Descriptors live as long as the
/// process (see <see cref="MemoryDesc"/>), so they are passed as plain addresses.
/// </remarks>
internal static unsafe partial class DnnlNative
{
    /// <summary>A name that only <see cref="DnnlLibrary"/> can resolve.</summary>
    internal const string Library = "dnnl";

    [LibraryImport(Library)]
    internal static partial DnnlVersion* dnnl_version();

    [LibraryImport(Library)]
    internal static partial nint dnnl_status2str(DnnlStatus status);

    [LibraryImport(Library)]
    internal static partial int dnnl_get_effective_cpu_isa();

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_engine_create(out EngineHandle engine, DnnlEngineKind kind, nuint index);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_engine_destroy(nint engine);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_stream_create(out StreamHandle stream, EngineHandle engine, uint flags);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_stream_wait(StreamHandle stream);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_stream_destroy(nint stream);

    [LibraryImport(Library)]
    internal static partial int dnnl_memory_desc_equal(nint lhs, nint rhs);

    [LibraryImport(Library)]
    internal static partial nuint dnnl_memory_desc_get_size(nint memory_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_create(out MemoryHandle memory, nint memory_desc, EngineHandle engine, nint handle);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_get_data_handle(MemoryHandle memory, out nint handle);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_set_data_handle(MemoryHandle memory, nint handle);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_memory_destroy(nint memory);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_attr_create(out AttributeHandle attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_attr_set_scratchpad_mode(AttributeHandle attr, int mode);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_attr_set_post_ops(AttributeHandle attr, PostOpsHandle post_ops);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_attr_destroy(nint attr);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_post_ops_create(out PostOpsHandle post_ops);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_post_ops_destroy(nint post_ops);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_desc_query(PrimitiveDescHandle primitive_desc, DnnlQuery what, int index, out nint result);

    [LibraryImport(Library)]
    internal static partial nint dnnl_primitive_desc_query_md(PrimitiveDescHandle primitive_desc, DnnlQuery what, int index);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_desc_destroy(nint primitive_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_create(out PrimitiveHandle primitive, PrimitiveDescHandle primitive_desc);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_execute(nint primitive, nint stream, int nargs, DnnlExecArg* args);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_primitive_destroy(nint primitive);

    [LibraryImport(Library)]
    internal static partial DnnlStatus dnnl_reorder_primitive_desc_create(
        out PrimitiveDescHandle reorder_primitive_desc, nint src_desc, EngineHandle src_engine, nint dst_desc, EngineHandle dst_engine, AttributeHandle attr);

    /// <summary>Throws unless <paramref name="status"/> is success, quoting the call as the source has it.</summary>
    internal static void Check(DnnlStatus status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != DnnlStatus.Success) throw new NativeException($"oneDNN {DnnlLibrary.Current.Version}: {Text(status)} from {OneLine(call)}");
    }

    /// <summary>Whether the library can do what was asked; throws unless the answer is yes or <c>unimplemented</c>.</summary>
    /// <param name="status">The answer.</param>
    /// <param name="operands">What the call was about, for the message.</param>
    /// <param name="call">The call as the source has it.</param>
    internal static bool IsImplemented(
        DnnlStatus status, ReadOnlySpan<MemoryDesc?> operands, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status is DnnlStatus.Success or DnnlStatus.Unimplemented) return status == DnnlStatus.Success;
        var about = string.Join(", ", operands.ToArray().Select(operand => operand?.ToString() ?? "none"));
        throw new NativeException($"oneDNN {DnnlLibrary.Current.Version}: {Text(status)} from {OneLine(call)} with {about}");
    }

    private static string Text(DnnlStatus status) => Marshal.PtrToStringUTF8(dnnl_status2str(status)) ?? status.ToString();

    private static string OneLine(string call) =>
        string.Join(' ', call.Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries));
}
