using System.Diagnostics;
using Fovea.Formats.Storage;
using Fovea.Tensors;

namespace Fovea.Formats.Safetensors;

/// <summary>The names of element types in a safetensors header.</summary>
internal static class SafetensorsTypes
{
    internal const string Readable = "F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL";

    internal static StoredType? Parse(string name) => name switch
    {
        "F64" => StoredType.Float64,
        "F32" => StoredType.Float32,
        "F16" => StoredType.Float16,
        "BF16" => StoredType.BFloat16,
        "I64" => StoredType.Int64,
        "I32" => StoredType.Int32,
        "I16" => StoredType.Int16,
        "I8" => StoredType.Int8,
        "U8" => StoredType.UInt8,
        "BOOL" => StoredType.Bool,
        _ => null,
    };

    internal static string Name(DType type) => type switch
    {
        DType.Float32 => "F32",
        DType.BFloat16 => "BF16",
        DType.Int32 => "I32",
        DType.Int8 => "I8",
        DType.UInt8 => "U8",
        _ => throw new UnreachableException($"{type}"),
    };
}
