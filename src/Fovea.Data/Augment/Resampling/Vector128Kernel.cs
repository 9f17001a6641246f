using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fovea.Data.Augment.Resampling;

/// <summary>Four 32-bit sums at once, with the portable 128-bit operations.</summary>
internal sealed unsafe class Vector128Kernel : ResampleKernel
{
    private const int Block = 16;

    public override string Name => "vector128";

    public override void Horizontal(byte* source, nint sourceStride, byte* target, nint targetStride, int rows, Taps taps)
    {
        fixed (int* weights = taps.Weights)
        {
            for (var y = 0; y < rows; y++)
            {
                var row = source + (y * sourceStride);
                var write = target + (y * targetStride);
                for (var x = 0; x < taps.Count; x++, write += 3)
                {
                    var pixel = Pixel(row + (3 * taps.First[x]), weights + (x * taps.Step), taps.Length[x]);
                    (write[0], write[1], write[2]) = ((byte)pixel, (byte)(pixel >> 8), (byte)(pixel >> 16));
                }
            }
        }
    }

    public override void Vertical(byte* source, nint sourceStride, byte* target, nint targetStride, int rowBytes, Taps taps)
    {
        fixed (int* weights = taps.Weights)
        {
            for (var y = 0; y < taps.Count; y++)
            {
                var column = source + (taps.First[y] * sourceStride);
                for (var i = 0; i < rowBytes; i += Block)
                    Column(column + i, sourceStride, weights + (y * taps.Step), taps.Length[y]).Store(target + (y * targetStride) + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Pixel(byte* pixels, int* weights, int length)
    {
        var sum = Vector128.Create(Half);
        for (var k = 0; k < length; k++)
        {
            var bytes = Vector128.CreateScalarUnsafe(*(uint*)(pixels + (3 * k))).AsByte();
            sum += Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32() * weights[k];
        }

        var words = Vector128.Narrow(Clamped(sum), default);
        return Vector128.Narrow(words.AsUInt16(), default).AsUInt32().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Column(byte* samples, nint stride, int* weights, int length)
    {
        var half = Vector128.Create(Half);
        var (s0, s1, s2, s3) = (half, half, half, half);
        for (var k = 0; k < length; k++)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(samples + (k * stride)));
            s0 += Vector128.WidenLower(low).AsInt32() * weights[k];
            s1 += Vector128.WidenUpper(low).AsInt32() * weights[k];
            s2 += Vector128.WidenLower(high).AsInt32() * weights[k];
            s3 += Vector128.WidenUpper(high).AsInt32() * weights[k];
        }

        return Vector128.Narrow(
            Vector128.Narrow(Clamped(s0), Clamped(s1)).AsUInt16(),
            Vector128.Narrow(Clamped(s2), Clamped(s3)).AsUInt16());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Clamped(Vector128<int> sum) =>
        Vector128.Min(Vector128.Max(sum >> Taps.FractionBits, default), Vector128.Create(255));
}
