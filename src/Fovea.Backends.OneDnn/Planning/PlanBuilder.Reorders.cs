using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Copies between layouts and element types: the library's where they are optimised, otherwise our own.</summary>
internal sealed partial class PlanBuilder
{
    /// <summary>Copies between two buffers, changing layout and element type on the way.</summary>
    internal void EmitReorder(Node? node, Buffer from, Buffer to)
    {
        if (from.Desc == to.Desc)
        {
            Append(new KernelStep(node, "copy", new CopyKernel(from.Bytes), [from], [to]));
            return;
        }

        var desc = Api.Reorder(from.Desc, to.Desc);
        if ((desc is null || Implementations.IsSlow(desc.Implementation)) && OwnReorder(from.Desc, to.Desc) is { } kernel)
        {
            desc?.Dispose();
            Append(new KernelStep(node, "reorder", kernel, [from], [to]));
            return;
        }

        if (desc is null && from.Desc.DType != to.Desc.DType && from.Desc.IsBlocked)
        {
            // A layout that the library keeps to itself, as that of Winograd's weights, takes numbers of its own type alone.
            var layout = from.Desc.WithDType(to.Desc.DType);
            var cast = NewLike(to, layout);
            EmitReorder(node, from, cast);
            EmitReorder(node, cast, to);
            return;
        }

        // Layouts that oneDNN keeps to itself, Winograd's for one, are made of plain ones alone.
        if (desc is null && !from.Desc.IsPlain)
        {
            var layout = Api.Plain(from.Desc.DType, from.Desc.Dims);
            var plain = NewLike(from, layout);
            EmitReorder(node, from, plain);
            EmitReorder(node, plain, to);
            return;
        }

        if (desc is null) throw new NativeException($"oneDNN {Api.Library.Version} cannot reorder {from.Desc} to {to.Desc}");
        Emit(node, "reorder", desc, [(DnnlArg.DNNL_ARG_FROM, from)], [(DnnlArg.DNNL_ARG_TO, to)]);
    }

    /// <summary>What copies between strided and blocked layouts where the library has no optimised code for it; null where we have none either.</summary>
    private static Kernel? OwnReorder(MemoryDesc from, MemoryDesc to)
    {
        if (!from.IsBlocked || !to.IsBlocked || (from.DType != to.DType && !(from.DType.IsFloat && to.DType.IsFloat))) return null;
        if (from.DType != to.DType && from.Layout is { IsDense: true, Offset: 0 } && from.WithDType(to.DType) == to)
            return new CastKernel(from.PaddedElements, from.DType);
        var box = Box.Whole(from.Dims);
        return new BoxCopy(from, to, box, box, clears: true);
    }
}
