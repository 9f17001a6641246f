using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fovea.Data.Augment.Resampling;

/// <summary>
/// Multiplies pairs of samples and adds them in one instruction. A weight of 24 bits does not fit its 16-bit factors, so each is split into
/// w = 4096·high + low with 0 ≤ low &lt; 4096, and both parts are summed on their own: exact in integers.
/// </summary>
internal sealed unsafe class Avx2Kernel : ResampleKernel
{
    private const int LowBits = 12;
    private const int Rows = 4;
    private const int Block = 16;

    // Of four pixels: red of the first two as 16-bit words, then green, then blue; the next two in the upper half.
    private static readonly Vector256<byte> s_pairs = Vector256.Create(
        0, 0x80, 3, 0x80, 1, 0x80, 4, 0x80, 2, 0x80, 5, 0x80, 0x80, 0x80, 0x80, 0x80,
        6, 0x80, 9, 0x80, 7, 0x80, 10, 0x80, 8, 0x80, 11, 0x80, 0x80, 0x80, 0x80, 0x80).AsByte();

    // Words 0 and 1 three times, words 2 and 3 three times: the high parts; eight bytes later the low parts.
    private static readonly Vector256<byte> s_high = Vector256.Create(
        0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0x80, 0x80, 0x80, 0x80,
        4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 0x80, 0x80, 0x80, 0x80).AsByte();

    private static readonly Vector256<byte> s_low = Vector256.Create(
        8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11, 0x80, 0x80, 0x80, 0x80,
        12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 0x80, 0x80, 0x80, 0x80).AsByte();

    public override string Name => "avx2";

    public override void Horizontal(byte* source, nint sourceStride, byte* target, nint targetStride, int rows, Taps taps)
    {
        fixed (int* weights = taps.Weights)
        fixed (int* first = taps.First)
        fixed (int* length = taps.Length)
        {
            for (var y = 0; y < rows; y += Rows)
            {
                // A last block of fewer rows does its last row several times.
                var (y1, y2, y3) = (Math.Min(1, rows - 1 - y), Math.Min(2, rows - 1 - y), Math.Min(3, rows - 1 - y));
                var row = source + (y * sourceStride);
                var write = target + (y * targetStride);
                for (var x = 0; x < taps.Count; x++, write += 3)
                {
                    var pixels = FourPixels(
                        row + ((nint)first[x] * 3), y1 * sourceStride, y2 * sourceStride, y3 * sourceStride, weights + ((nint)x * taps.Step), length[x]);
                    if (x + 1 < taps.Count) Store4(pixels, write, y1 * targetStride, y2 * targetStride, y3 * targetStride);
                    else Store3(pixels, write, y1 * targetStride, y2 * targetStride, y3 * targetStride);
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
                var write = target + (y * targetStride);
                for (var i = 0; i < rowBytes; i += Block)
                    Column(column + i, sourceStride, weights + (y * taps.Step), taps.Length[y]).Store(write + i);
            }
        }
    }

    // One output pixel of four rows; a pixel is the low three bytes of a 32-bit lane.
    private static Vector128<uint> FourPixels(byte* row, nint row1, nint row2, nint row3, int* weights, int length)
    {
        Vector256<int> h0 = default, h1 = default, h2 = default, h3 = default, l0 = default, l1 = default, l2 = default, l3 = default;
        for (var k = 0; k < length; k += Taps.Group)
        {
            var split = Split(Vector128.Load(weights + k)).AsByte();
            var parts = Vector256.Create(split, split);
            var high = Avx2.Shuffle(parts, s_high).AsInt16();
            var low = Avx2.Shuffle(parts, s_low).AsInt16();
            var at = row + (3 * (nint)k);
            var p0 = Pairs(at);
            var p1 = Pairs(at + row1);
            var p2 = Pairs(at + row2);
            var p3 = Pairs(at + row3);
            h0 += Avx2.MultiplyAddAdjacent(p0, high);
            l0 += Avx2.MultiplyAddAdjacent(p0, low);
            h1 += Avx2.MultiplyAddAdjacent(p1, high);
            l1 += Avx2.MultiplyAddAdjacent(p1, low);
            h2 += Avx2.MultiplyAddAdjacent(p2, high);
            l2 += Avx2.MultiplyAddAdjacent(p2, low);
            h3 += Avx2.MultiplyAddAdjacent(p3, high);
            l3 += Avx2.MultiplyAddAdjacent(p3, low);
        }

        var s01 = Sse2.PackSignedSaturate(Total(h0, l0), Total(h1, l1));
        var s23 = Sse2.PackSignedSaturate(Total(h2, l2), Total(h3, l3));
        return Sse2.PackUnsignedSaturate(s01, s23).AsUInt32();
    }

    // high 0…3, then low 0…3.
    private static Vector128<short> Split(Vector128<int> weights) =>
        Sse2.PackSignedSaturate(weights >> LowBits, weights & Vector128.Create((1 << LowBits) - 1));

    private static Vector256<short> Pairs(byte* pixels)
    {
        var bytes = Avx2.BroadcastVector128ToVector256(pixels);
        return Avx2.Shuffle(bytes, s_pairs).AsInt16();
    }

    private static Vector128<int> Total(Vector256<int> high, Vector256<int> low)
    {
        var sum = (high << LowBits) + low;
        return (sum.GetLower() + sum.GetUpper() + Vector128.Create(Half)) >> Taps.FractionBits;
    }

    private static void Store4(Vector128<uint> pixels, byte* target, nint row1, nint row2, nint row3)
    {
        *(uint*)target = pixels.GetElement(0);
        *(uint*)(target + row1) = pixels.GetElement(1);
        *(uint*)(target + row2) = pixels.GetElement(2);
        *(uint*)(target + row3) = pixels.GetElement(3);
    }

    // The last pixel of a row: the byte behind it may be the next row's first.
    private static void Store3(Vector128<uint> pixels, byte* target, nint row1, nint row2, nint row3)
    {
        Store3(pixels.GetElement(0), target);
        Store3(pixels.GetElement(1), target + row1);
        Store3(pixels.GetElement(2), target + row2);
        Store3(pixels.GetElement(3), target + row3);
    }

    private static void Store3(uint pixel, byte* target) =>
        (target[0], target[1], target[2]) = ((byte)pixel, (byte)(pixel >> 8), (byte)(pixel >> 16));

    // Sixteen samples of one output row.
    private static Vector128<byte> Column(byte* samples, nint stride, int* weights, int length)
    {
        Vector256<int> h0 = default, h1 = default, l0 = default, l1 = default;
        for (var k = 0; k < length; k += 2)
        {
            // Behind an odd last tap the weight is zero, and the row itself stands in for the one that may not exist.
            var upper = Vector128.Load(samples + (k * stride));
            var lower = k + 1 < length ? Vector128.Load(samples + ((k + 1) * stride)) : upper;
            var first = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(upper, lower));
            var second = Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(upper, lower));
            var pair = Vector128.CreateScalarUnsafe(*(long*)(weights + k)).AsInt32();
            var split = Split(pair).AsInt32();
            var high = Avx2.BroadcastScalarToVector256(split).AsInt16();
            var low = Avx2.BroadcastScalarToVector256(Sse2.Shuffle(split, 2)).AsInt16();
            h0 += Avx2.MultiplyAddAdjacent(first, high);
            l0 += Avx2.MultiplyAddAdjacent(first, low);
            h1 += Avx2.MultiplyAddAdjacent(second, high);
            l1 += Avx2.MultiplyAddAdjacent(second, low);
        }

        var half = Vector256.Create(Half);
        var s0 = ((h0 << LowBits) + l0 + half) >> Taps.FractionBits;
        var s1 = ((h1 << LowBits) + l1 + half) >> Taps.FractionBits;
        var words = Avx2.Permute4x64(Avx2.PackSignedSaturate(s0, s1).AsInt64(), 0b11_01_10_00).AsInt16();
        return Sse2.PackUnsignedSaturate(words.GetLower(), words.GetUpper());
    }
}
