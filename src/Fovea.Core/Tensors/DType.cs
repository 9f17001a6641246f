namespace Fovea.Tensors;

/// <summary>The type of a tensor's elements.</summary>
public enum DType
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>bfloat16: the upper half of a binary32.</summary>
    BFloat16,

    /// <summary>Signed 32-bit integer; class labels and int8 accumulators.</summary>
    Int32,

    /// <summary>Signed 8-bit integer.</summary>
    Int8,

    /// <summary>Unsigned 8-bit integer; pixels.</summary>
    UInt8,
}

/// <summary>Facts about element types.</summary>
public static class DTypes
{
    extension(DType type)
    {
        /// <summary>The width of one element in bytes.</summary>
        public int Size => type switch
        {
            DType.Float32 or DType.Int32 => 4,
            DType.BFloat16 => 2,
            _ => 1,
        };

        /// <summary>Whether the type holds fractions.</summary>
        public bool IsFloat => type is DType.Float32 or DType.BFloat16;

        /// <summary>The name used in printed graphs: f32, bf16, s32, s8, u8.</summary>
        public string ShortName => type switch
        {
            DType.Float32 => "f32",
            DType.BFloat16 => "bf16",
            DType.Int32 => "s32",
            DType.Int8 => "s8",
            _ => "u8",
        };
    }

    /// <summary>The type that <see cref="get_ShortName(DType)"/> prints as <paramref name="name"/>.</summary>
    /// <exception cref="FormatException">No type has that name.</exception>
    public static DType Parse(string name) => name switch
    {
        "f32" => DType.Float32,
        "bf16" => DType.BFloat16,
        "s32" => DType.Int32,
        "s8" => DType.Int8,
        "u8" => DType.UInt8,
        _ => throw new FormatException($"'{(name.Length <= 20 ? name : name[..20])}' is no element type; wanted f32, bf16, s32, s8 or u8"),
    };
}
