using System.Collections.Immutable;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>What a primitive does to its result before it stores it, in order. Scratch memory is always the caller's.</summary>
internal sealed class Attributes
{
    private readonly ImmutableArray<PostOp> _postOps;

    private Attributes(ImmutableArray<PostOp> postOps) => _postOps = postOps;

    private abstract record PostOp;

    private sealed record Sum(float Scale, DType? Type) : PostOp;

    private sealed record Eltwise(EltwiseKind Kind, float Alpha, float Beta) : PostOp;

    /// <summary>No post-ops.</summary>
    internal static Attributes None { get; } = new([]);

    /// <summary>Adds <paramref name="scale"/> times what the destination held before.</summary>
    internal Attributes WithSum(float scale = 1, DType? type = null) => new(_postOps.Add(new Sum(scale, type)));

    /// <summary>Applies a pointwise function.</summary>
    internal Attributes WithEltwise(EltwiseKind kind, float alpha = 0, float beta = 0) => new(_postOps.Add(new Eltwise(kind, alpha, beta)));

    internal AttributeHandle Create(DnnlApi api)
    {
        const int UserScratchpad = 1;
        DnnlNative.Check(DnnlNative.dnnl_primitive_attr_create(out var handle));
        DnnlNative.Check(DnnlNative.dnnl_primitive_attr_set_scratchpad_mode(handle, UserScratchpad));
        if (_postOps.IsEmpty) return handle;

        DnnlNative.Check(DnnlNative.dnnl_post_ops_create(out var postOps));
        using (postOps)
        {
            try
            {
                foreach (var postOp in _postOps) Append(api, postOps, postOp);
                DnnlNative.Check(DnnlNative.dnnl_primitive_attr_set_post_ops(handle, postOps));
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }

        return handle;
    }

    private static void Append(DnnlApi api, PostOpsHandle postOps, PostOp postOp)
    {
        switch (postOp)
        {
            case Sum sum:
                api.AppendSum(postOps, sum.Scale, sum.Type);
                break;
            case Eltwise eltwise:
                api.AppendEltwise(postOps, eltwise.Kind, eltwise.Alpha, eltwise.Beta);
                break;
        }
    }
}
