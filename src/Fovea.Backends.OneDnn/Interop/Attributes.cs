using System.Collections.Immutable;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>What a primitive does to its result before it stores it, in order, and what its integers stand for. Scratch memory is always the caller's.</summary>
internal sealed class Attributes
{
    private readonly ImmutableArray<PostOp> _postOps;
    private readonly IntegerScales? _scales;

    private Attributes(ImmutableArray<PostOp> postOps, IntegerScales? scales) => (_postOps, _scales) = (postOps, scales);

    private abstract record PostOp
    {
        /// <summary>Whether a positive factor of the argument is one of the result.</summary>
        internal abstract bool KeepsFactors { get; }
    }

    private sealed record Sum(float Scale, int Zero, DType? Type) : PostOp
    {
        internal override bool KeepsFactors => true;
    }

    private sealed record Eltwise(EltwiseKind Kind, float Alpha, float Beta) : PostOp
    {
        internal override bool KeepsFactors => Kind == EltwiseKind.Relu;
    }

    /// <summary>No post-ops.</summary>
    internal static Attributes None { get; } = new([], null);

    /// <summary>What the integers stand for; null where there are none.</summary>
    internal IntegerScales? Scales => _scales;

    /// <summary>Whether the scale of the result can be taken before the post-ops.</summary>
    internal bool KeepsFactors => _postOps.All(postOp => postOp.KeepsFactors);

    /// <summary>Adds <paramref name="scale"/> times what the destination held before, less <paramref name="zero"/>.</summary>
    internal Attributes WithSum(float scale = 1, DType? type = null, int zero = 0) => new(_postOps.Add(new Sum(scale, zero, type)), _scales);

    /// <summary>Applies a pointwise function.</summary>
    internal Attributes WithEltwise(EltwiseKind kind, float alpha = 0, float beta = 0) => new(_postOps.Add(new Eltwise(kind, alpha, beta)), _scales);

    /// <summary>Says what the integers stand for; post-ops work on the fractions.</summary>
    internal Attributes With(IntegerScales scales) => new(_postOps, scales);

    internal AttributeHandle Create(DnnlApi api)
    {
        const int UserScratchpad = 1;
        DnnlNative.Check(DnnlNative.dnnl_primitive_attr_create(out var handle));
        try
        {
            DnnlNative.Check(DnnlNative.dnnl_primitive_attr_set_scratchpad_mode(handle, UserScratchpad));
            if (_scales is not null) api.SetScales(handle, _scales, KeepsFactors);
            if (!_postOps.IsEmpty) SetPostOps(handle, api);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        return handle;
    }

    private void SetPostOps(AttributeHandle handle, DnnlApi api)
    {
        DnnlNative.Check(DnnlNative.dnnl_post_ops_create(out var postOps));
        using (postOps)
        {
            // What the library scales last of all, or where it has no such scale, the post-ops do.
            var last = _scales is null ? 1 : api.ScaleOfPostOps(_scales);
            foreach (var postOp in _postOps) Append(api, postOps, postOp, last);
            DnnlNative.Check(DnnlNative.dnnl_primitive_attr_set_post_ops(handle, postOps));
        }
    }

    private void Append(DnnlApi api, PostOpsHandle postOps, PostOp postOp, float last)
    {
        switch (postOp)
        {
            case Sum sum:
                api.AppendSum(postOps, KeepsFactors ? sum.Scale * last : sum.Scale, sum.Zero, sum.Type);
                break;
            case Eltwise eltwise:
                api.AppendEltwise(postOps, KeepsFactors ? 1 : last, eltwise.Kind, eltwise.Alpha, eltwise.Beta);
                break;
        }
    }
}
