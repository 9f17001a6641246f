using Fovea.Formats.Storage;

namespace Fovea.Formats.PyTorch;

/// <summary>What the globals of a pickle mean: an allow-list; everything else becomes <see cref="Opaque"/> and is never run.</summary>
internal static class PickleGlobals
{
    internal static object? Find(string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict" or "defaultdict" or "Counter") => Known.Dictionary,
        ("builtins" or "__builtin__", "dict") => Known.Dictionary,
        ("torch._utils", "_rebuild_tensor" or "_rebuild_tensor_v2") => Known.Tensor,
        ("torch._utils", "_rebuild_tensor_v3") => Known.TensorWithDType,
        ("torch._utils", "_rebuild_parameter" or "_rebuild_parameter_with_state") => Known.Parameter,
        ("torch._tensor", "_rebuild_from_type_v2") => Known.FromType,
        ("torch", "Tensor") or ("torch.nn.parameter", "Parameter" or "Buffer") => new TensorClass($"{module}.{name}"),
        ("torch", "Size") => Known.Size,
        ("torch" or "torch.cuda" or "torch.storage", _) when name.EndsWith("Storage", StringComparison.Ordinal) => Storage(module, name),
        ("torch", _) when DType(name) is { } dtype => dtype,
        _ => new Opaque($"{module}.{name}"),
    };

    private static object Storage(string module, string name) => name switch
    {
        "DoubleStorage" => new StorageType(name, 8, StoredType.Float64),
        "FloatStorage" => new StorageType(name, 4, StoredType.Float32),
        "HalfStorage" => new StorageType(name, 2, StoredType.Float16),
        "BFloat16Storage" => new StorageType(name, 2, StoredType.BFloat16),
        "LongStorage" => new StorageType(name, 8, StoredType.Int64),
        "IntStorage" => new StorageType(name, 4, StoredType.Int32),
        "ShortStorage" => new StorageType(name, 2, StoredType.Int16),
        "CharStorage" => new StorageType(name, 1, StoredType.Int8),
        "ByteStorage" => new StorageType(name, 1, StoredType.UInt8),
        "BoolStorage" => new StorageType(name, 1, StoredType.Bool),
        "UntypedStorage" or "QInt8Storage" or "QUInt8Storage" or "QUInt4x2Storage" or "QUInt2x4Storage" => new StorageType(name, 1, null),
        "QInt32Storage" => new StorageType(name, 4, null),
        "ComplexFloatStorage" => new StorageType(name, 8, null),
        "ComplexDoubleStorage" => new StorageType(name, 16, null),
        _ => new Opaque($"{module}.{name}"),
    };

    /// <summary>The other element types of torch (c10/core/ScalarType.h), so that a tensor of one is refused by its name.</summary>
    private static bool IsUnreadable(string name) =>
        name is "uint16" or "uint32" or "uint64" or "complex32" or "chalf" or "complex64" or "cfloat" or "complex128" or "cdouble"
            or "quint8" or "qint8" or "qint32" or "quint4x2" or "quint2x4" or "float4_e2m1fn_x2"
        || name.StartsWith("float8_", StringComparison.Ordinal)
        || (name.StartsWith("bits", StringComparison.Ordinal) && char.IsAsciiDigit(name[^1]))
        || (name.TrimStart('u') is ['i', 'n', 't', >= '1' and <= '7'] && name.Length <= 5);

    private static TorchDType? DType(string name) => name switch
    {
        "float64" or "double" => new(name, StoredType.Float64),
        "float32" or "float" => new(name, StoredType.Float32),
        "float16" or "half" => new(name, StoredType.Float16),
        "bfloat16" => new(name, StoredType.BFloat16),
        "int64" or "long" => new(name, StoredType.Int64),
        "int32" or "int" => new(name, StoredType.Int32),
        "int16" or "short" => new(name, StoredType.Int16),
        "int8" => new(name, StoredType.Int8),
        "uint8" => new(name, StoredType.UInt8),
        "bool" => new(name, StoredType.Bool),
        _ when IsUnreadable(name) => new(name, null),
        _ => null,
    };
}
