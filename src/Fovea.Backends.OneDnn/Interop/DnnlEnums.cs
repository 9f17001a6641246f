namespace Fovea.Backends.OneDnn.Interop;

// The values are those of oneapi/dnnl/dnnl_types.h. They are the same in oneDNN 2.6 and 3.x unless a type is translated by Dnnl2 and Dnnl3.

/// <summary>dnnl_status_t.</summary>
internal enum DnnlStatus
{
    Success = 0,
    OutOfMemory = 1,
    InvalidArguments = 2,
    Unimplemented = 3,
    LastImplementationReached = 4,
    RuntimeError = 5,
    NotRequired = 6,
}

/// <summary>dnnl_engine_kind_t.</summary>
internal enum DnnlEngineKind
{
    Cpu = 1,
}

/// <summary>dnnl_data_type_t, as far as <see cref="Fovea.Tensors.DType"/> has it.</summary>
internal enum DnnlDataType
{
    Undefined = 0,
    BFloat16 = 2,
    Float32 = 3,
    Int32 = 4,
    Int8 = 5,
    UInt8 = 6,
}

/// <summary>dnnl_format_kind_t; what lies above <see cref="Blocked"/> is opaque and differs between versions.</summary>
internal enum DnnlFormatKind
{
    Undefined = 0,
    Any = 1,
    Blocked = 2,
}

/// <summary>dnnl_query_t; the values from 256 on, and <see cref="Strides"/>, apply to memory descriptors of 3.x only.</summary>
internal enum DnnlQuery
{
    ImplementationInfo = 8,
    Strides = 14,
    ExecArgument = 255,
    Rank = 256,
    Dims = 257,
    DataType = 258,
    Offset = 259,
    PaddedDims = 260,
    FormatKind = 262,
    InnerBlockCount = 263,
    InnerBlocks = 264,
    InnerAxes = 265,
}

/// <summary>What a forward pass is for: training keeps what the backward pass needs (a workspace, batch statistics).</summary>
internal enum Propagation
{
    Training = 64,
    Inference = 96,
}

/// <summary>How a convolution is computed; 3.x has no Winograd on x64 and answers that it is not implemented.</summary>
internal enum ConvolutionAlgorithm
{
    Direct = 1,
    Winograd = 2,
}

internal enum PoolingKind
{
    Max = 511,
    AverageIncludePadding = 767,
    AverageExcludePadding = 1023,
}

/// <summary>Pointwise functions of x with parameters α and β; Dnnl2 and Dnnl3 hold their numbers.</summary>
internal enum EltwiseKind
{
    /// <summary>x where x > 0, else α·x.</summary>
    Relu,
    Tanh,
    Square,
    Sqrt,

    /// <summary>α·x + β.</summary>
    Linear,
    Logistic,
    Exp,
    Log,

    /// <summary>x limited to [α, β].</summary>
    Clip,

    /// <summary>α·x^β.</summary>
    Pow,
    GeluErf,
    GeluTanh,

    /// <summary>x / (1 + e^(−α·x)).</summary>
    Swish,

    /// <summary>x·tanh(ln(1 + eˣ)).</summary>
    Mish,

    /// <summary>x·min(max(x + 3, 0), 6)/6; α and β are not used.</summary>
    Hardswish,
}
