namespace Fovea.Tensors;

/// <summary>Conversion between binary32 and the bits of bfloat16.</summary>
public static class BFloat16Bits
{
    /// <summary>The exact value of the bits.</summary>
    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>The nearest bfloat16, ties to even; NaN stays NaN.</summary>
    public static ushort FromSingle(float x)
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        if (float.IsNaN(x)) return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>The value rounded to the nearest bfloat16.</summary>
    public static float Round(float x) => ToSingle(FromSingle(x));
}
