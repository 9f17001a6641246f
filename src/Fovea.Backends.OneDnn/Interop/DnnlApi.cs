using Fovea.Execution;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Interop;

/// <summary>oneDNN, checked and typed: all that kernels and planner see of it. What differs between 2.6 and 3.x ends here.</summary>
internal abstract partial class DnnlApi
{
    private static readonly Lazy<DnnlApi> s_instance = new(() => DnnlLibrary.Current.Version.Major == 2 ? new Dnnl2() : new Dnnl3());

    private readonly HashSet<MemoryDesc> _interned = new(new SameLayout());
    private readonly Lock _lock = new();
    private readonly Lazy<Engine> _engine = new(() => new Engine());
    private readonly Lazy<BFloat16Support> _bfloat16;

    private protected DnnlApi() => _bfloat16 = new(FindBFloat16);

    /// <summary>The library's version, path and threads.</summary>
    internal DnnlLibrary Library { get; } = DnnlLibrary.Current;

    /// <summary>The CPU; it lives as long as the process.</summary>
    internal Engine Engine => _engine.Value;

    /// <summary>The instruction set that oneDNN generates code for, as in avx512_core_vnni.</summary>
    internal string EffectiveIsa { get; } = CpuFeatures.IsaName(DnnlNative.dnnl_get_effective_cpu_isa());

    /// <summary>
    /// What oneDNN does with products of bfloat16 numbers, by its own account: whether it has a convolution, and for which instructions it compiles.
    /// </summary>
    internal BFloat16Support BFloat16 => _bfloat16.Value;

    /// <summary>oneDNN for this process; the first call loads the library.</summary>
    /// <exception cref="NativeException">No usable library was found.</exception>
    internal static DnnlApi Load() => s_instance.Value;

    /// <summary>A stream on <see cref="Engine"/>; primitives run in the calling thread and its team, in order.</summary>
    internal DnnlStream CreateStream() => new(Engine);

    /// <summary>A tensor whose neighbours along axis a lie <paramref name="strides"/>[a] elements apart.</summary>
    internal MemoryDesc Strided(DType type, Shape dims, params ReadOnlySpan<long> strides)
    {
        if (strides.Length != dims.Rank) throw new ArgumentException($"{strides.Length} strides for the {dims.Rank} axes of {dims}");
        return CreateStrided(ToDnnl(type), dims, DnnlDims.From(strides));
    }

    /// <summary>A dense row-major tensor (nchw).</summary>
    internal MemoryDesc Plain(DType type, Shape dims) => Strided(type, dims, dims.RowMajorStrides());

    /// <summary>A dense tensor [N, C, …] with channels innermost (nhwc).</summary>
    internal MemoryDesc ChannelsLast(DType type, Shape dims) => Strided(type, dims, MemoryLayout.ChannelsLastStrides(dims));

    /// <summary>A tensor whose layout a primitive may choose.</summary>
    internal abstract MemoryDesc Any(DType type, Shape dims);

    /// <summary>An image [N, C, H, W] whose channels lie in blocks of 4, 8 or 16 (nChw16c).</summary>
    internal abstract MemoryDesc ChannelBlocks(DType type, Shape dims, int block);

    internal static DnnlDataType ToDnnl(DType type) => type switch
    {
        DType.Float32 => DnnlDataType.Float32,
        DType.BFloat16 => DnnlDataType.BFloat16,
        DType.Int32 => DnnlDataType.Int32,
        DType.Int8 => DnnlDataType.Int8,
        _ => DnnlDataType.UInt8,
    };

    internal static DType ToDType(DnnlDataType type) => type switch
    {
        DnnlDataType.Float32 => DType.Float32,
        DnnlDataType.BFloat16 => DType.BFloat16,
        DnnlDataType.Int32 => DType.Int32,
        DnnlDataType.Int8 => DType.Int8,
        DnnlDataType.UInt8 => DType.UInt8,
        _ => throw new NotSupportedException($"oneDNN's data type {(int)type} is none of ours"),
    };

    internal abstract MemoryDesc WithDType(MemoryDesc desc, DType type);

    internal abstract MemoryDesc? Reshape(MemoryDesc desc, Shape dims);

    internal abstract MemoryDesc? SubMemory(MemoryDesc desc, Shape dims, Shape offsets);

    /// <summary>A copy of a descriptor that a primitive descriptor owns, or null if it is empty (no such operand).</summary>
    internal abstract MemoryDesc? Copy(nint borrowed);

    /// <summary>Moves to the next implementation; false leaves <paramref name="handle"/> as it was.</summary>
    internal abstract bool NextImplementation(ref PrimitiveDescHandle handle, DnnlHandle? iterator);

    internal abstract void AppendSum(PostOpsHandle postOps, float scale, int zero, DType? type);

    /// <param name="postOps">What it is added to.</param>
    /// <param name="scale">What the function's result is multiplied by; other than 1 only where <see cref="ScaleOfPostOps"/> is.</param>
    /// <param name="kind">The function.</param>
    /// <param name="alpha">Its first number.</param>
    /// <param name="beta">Its second.</param>
    internal abstract void AppendEltwise(PostOpsHandle postOps, float scale, EltwiseKind kind, float alpha, float beta);

    /// <summary>Says in the attributes what integers stand for.</summary>
    /// <param name="attributes">The attributes.</param>
    /// <param name="scales">The scales.</param>
    /// <param name="keepsFactors">Whether the scale of the result can be taken before the post-ops.</param>
    internal abstract void SetScales(AttributeHandle attributes, IntegerScales scales, bool keepsFactors);

    /// <summary>What the post-ops have to multiply their result by, where the library does not take the scale of the result after them.</summary>
    internal abstract float ScaleOfPostOps(IntegerScales scales);

    /// <summary>What a bias is multiplied by before it is given; null where it is given as it is.</summary>
    internal abstract float[]? BiasFactors(IntegerScales scales);

    /// <summary>Scales and zero points that are arguments of an execution.</summary>
    internal abstract IReadOnlyList<(int Arg, HostTensor Value)> ScaleArguments(IntegerScales scales);

    /// <summary>Whether products of integers of 8 bits are added up in 32 bits on this processor, as far as the library may use it.</summary>
    internal bool HasWideSums { get; } = CpuFeatures.HasWideSums(DnnlNative.dnnl_get_effective_cpu_isa());

    private protected abstract MemoryDesc CreateStrided(DnnlDataType type, Shape dims, DnnlDims strides);

    private protected abstract MemoryLayout ReadLayout(nint pointer);

    /// <summary>The one descriptor with this content; takes over <paramref name="handle"/>.</summary>
    /// <remarks>
    /// oneDNN compares, because the bytes of two equal descriptors may differ where it leaves them unused. It does not look at the strides of axes of one
    /// element, from which matrix products take their leading dimensions.
    /// </remarks>
    private protected MemoryDesc Intern(DnnlHandle handle)
    {
        var desc = new MemoryDesc(this, handle, ReadLayout(handle.DangerousGetHandle()));
        lock (_lock)
        {
            if (_interned.Add(desc)) return desc;
            _interned.TryGetValue(desc, out var known);
            handle.Dispose();
            return known!;
        }
    }

    private BFloat16Support FindBFloat16()
    {
        var (image, kernel) = (new Shape(1, 64, 8, 8), new Shape(64, 64, 1, 1));
        using var convolution = ConvolutionForward(
            Propagation.Inference, ConvolutionAlgorithm.Direct, Any(DType.BFloat16, image), Any(DType.BFloat16, kernel), bias: null,
            Any(DType.BFloat16, image), ConvolutionWindow.Square());
        if (convolution is null || Implementations.IsSlow(convolution.Implementation)) return BFloat16Support.None;
        return CpuFeatures.HasBFloat16(DnnlNative.dnnl_get_effective_cpu_isa()) ? BFloat16Support.Native : BFloat16Support.Emulated;
    }

    private sealed class SameLayout : IEqualityComparer<MemoryDesc>
    {
        public bool Equals(MemoryDesc? x, MemoryDesc? y) => x == y && x!.Layout.Strides.AsSpan().SequenceEqual(y!.Layout.Strides);

        public int GetHashCode(MemoryDesc desc) => desc.GetHashCode();
    }
}
