using Fovea.Tensors;

namespace Fovea.Formats.Storage;

/// <summary>The element types that weight files hold and Fovea can read.</summary>
internal enum StoredType
{
    Float64,
    Float32,
    Float16,
    BFloat16,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt8,
    Bool,
}

internal static class StoredTypes
{
    extension(StoredType type)
    {
        internal int Size => type switch
        {
            StoredType.Float64 or StoredType.Int64 => 8,
            StoredType.Float32 or StoredType.Int32 => 4,
            StoredType.Float16 or StoredType.BFloat16 or StoredType.Int16 => 2,
            _ => 1,
        };

        /// <summary>What the elements become in memory.</summary>
        internal DType Host => type switch
        {
            StoredType.Float64 or StoredType.Float32 or StoredType.Float16 => DType.Float32,
            StoredType.BFloat16 => DType.BFloat16,
            StoredType.Int64 or StoredType.Int32 or StoredType.Int16 => DType.Int32,
            StoredType.Int8 => DType.Int8,
            _ => DType.UInt8,
        };
    }
}
