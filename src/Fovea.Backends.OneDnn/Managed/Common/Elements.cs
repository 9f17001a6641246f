using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Common;

/// <summary>Typed access to the memory behind an address.</summary>
internal static unsafe class Elements
{
    internal static Span<float> Floats(nint at, long count) => new((void*)at, checked((int)count));

    internal static Span<int> Ints(nint at, long count) => new((void*)at, checked((int)count));

    /// <summary>One element of a tensor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Load(nint at, DType type, long index) => type switch
    {
        DType.Float32 => ((float*)at)[index],
        DType.BFloat16 => BFloat16Bits.ToSingle(((ushort*)at)[index]),
        DType.Int32 => (double)((int*)at)[index],
        DType.Int8 => ((sbyte*)at)[index],
        _ => ((byte*)at)[index],
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(nint at, DType type, long index, double x)
    {
        switch (type)
        {
            case DType.Float32: ((float*)at)[index] = (float)x; break;
            case DType.BFloat16: ((ushort*)at)[index] = BFloat16Bits.FromSingle((float)x); break;
            case DType.Int32: ((int*)at)[index] = (int)Math.Round(x); break;
            case DType.Int8: ((sbyte*)at)[index] = (sbyte)Math.Round(Math.Clamp(x, sbyte.MinValue, sbyte.MaxValue)); break;
            default: ((byte*)at)[index] = (byte)Math.Round(Math.Clamp(x, byte.MinValue, byte.MaxValue)); break;
        }
    }

    internal static void Clear(nint at, long bytes) => NativeMemory.Clear((void*)at, (nuint)bytes);
}
