using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fovea.Data.Augment.Resampling;

/// <summary>
/// Multiplies pairs of samples and adds them in one instruction. A weight of 24 bits does not fit its 16-bit factors, so each is split into
/// w = 4096·high + low with 0 ≤ low &lt; 4096, and both parts are summed on their own: exact in integers.
/// </summary>
/// <remarks>Everything is inlined into the two loops: a call would spill the eight sums.</remarks>
internal sealed unsafe class Avx2Kernel : ResampleKernel
{
    private const int Rows = 4;
    private const int Block = 32;

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
        fixed (short* weights = taps.Halves)
        fixed (int* first = taps.First)
        fixed (int* length = taps.Length)
        {
            for (var y = 0; y < rows; y += Rows)
            {
                // A last block of fewer rows does its last row several times.
                var last = rows - 1 - y;
                nint y1 = Math.Min(1, last), y2 = Math.Min(2, last), y3 = Math.Min(3, last);
                nint r1 = y1 * sourceStride, r2 = y2 * sourceStride, r3 = y3 * sourceStride;
                nint t1 = y1 * targetStride, t2 = y2 * targetStride, t3 = y3 * targetStride;
                var row = source + (y * sourceStride);
                var write = target + (y * targetStride);
                var group = weights;
                for (var x = 0; x < taps.Count; x++, write += 3, group += 2 * taps.Step)
                {
                    var pixels = FourPixels(row + ((nint)first[x] * 3), r1, r2, r3, group, length[x]);
                    if (x + 1 < taps.Count) Store4(pixels, write, t1, t2, t3);
                    else Store3(pixels, write, t1, t2, t3);
                }
            }
        }
    }

    public override void Vertical(byte* source, nint sourceStride, byte* target, nint targetStride, int rowBytes, Taps taps)
    {
        fixed (short* weights = taps.Halves)
        {
            for (var y = 0; y < taps.Count; y++)
            {
                var column = source + (taps.First[y] * sourceStride);
                var write = target + (y * targetStride);
                for (var i = 0; i < rowBytes; i += Block)
                    Column(column + i, sourceStride, weights + (2 * y * taps.Step), taps.Length[y]).Store(write + i);
            }
        }
    }

    // One output pixel of four rows; a pixel is the low three bytes of a 32-bit lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> FourPixels(byte* row, nint row1, nint row2, nint row3, short* weights, int length)
    {
        Vector256<int> h0 = default, h1 = default, h2 = default, h3 = default, l0 = default, l1 = default, l2 = default, l3 = default;
        for (var k = 0; k < length; k += Taps.Group)
        {
            var parts = Avx2.BroadcastVector128ToVector256((byte*)(weights + (2 * k)));
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Pairs(byte* pixels)
    {
        var bytes = Avx2.BroadcastVector128ToVector256(pixels);
        return Avx2.Shuffle(bytes, s_pairs).AsInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Total(Vector256<int> high, Vector256<int> low)
    {
        var sum = (high << Taps.LowBits) + low;
        return (sum.GetLower() + sum.GetUpper() + Vector128.Create(Half)) >> Taps.FractionBits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4(Vector128<uint> pixels, byte* target, nint row1, nint row2, nint row3)
    {
        *(uint*)target = pixels.GetElement(0);
        *(uint*)(target + row1) = pixels.GetElement(1);
        *(uint*)(target + row2) = pixels.GetElement(2);
        *(uint*)(target + row3) = pixels.GetElement(3);
    }

    // The last pixel of a row: the byte behind it may be the next row's first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store3(Vector128<uint> pixels, byte* target, nint row1, nint row2, nint row3)
    {
        Store3(pixels.GetElement(0), target);
        Store3(pixels.GetElement(1), target + row1);
        Store3(pixels.GetElement(2), target + row2);
        Store3(pixels.GetElement(3), target + row3);
    }

    private static void Store3(uint pixel, byte* target) =>
        (target[0], target[1], target[2]) = ((byte)pixel, (byte)(pixel >> 8), (byte)(pixel >> 16));

    // Thirty-two samples of one output row. Unpacking and packing both work within halves, so the order comes out right.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Column(byte* samples, nint stride, short* weights, int length)
    {
        Vector256<int> h0 = default, h1 = default, h2 = default, h3 = default, l0 = default, l1 = default, l2 = default, l3 = default;
        for (var k = 0; k < length; k += 2, samples += 2 * stride)
        {
            // Behind an odd last tap the weight is zero, and the row itself stands in for the one that may not exist.
            var upper = Vector256.Load(samples);
            var lower = Vector256.Load(samples + (k + 1 < length ? stride : 0));
            var first = Avx2.UnpackLow(upper, lower);
            var second = Avx2.UnpackHigh(upper, lower);
            var pair = weights + (2 * k) - (k % Taps.Group);
            var high = Avx2.BroadcastScalarToVector256((int*)pair).AsInt16();
            var low = Avx2.BroadcastScalarToVector256((int*)(pair + Taps.Group)).AsInt16();
            var p0 = Avx2.UnpackLow(first, default).AsInt16();
            var p1 = Avx2.UnpackHigh(first, default).AsInt16();
            var p2 = Avx2.UnpackLow(second, default).AsInt16();
            var p3 = Avx2.UnpackHigh(second, default).AsInt16();
            h0 += Avx2.MultiplyAddAdjacent(p0, high);
            l0 += Avx2.MultiplyAddAdjacent(p0, low);
            h1 += Avx2.MultiplyAddAdjacent(p1, high);
            l1 += Avx2.MultiplyAddAdjacent(p1, low);
            h2 += Avx2.MultiplyAddAdjacent(p2, high);
            l2 += Avx2.MultiplyAddAdjacent(p2, low);
            h3 += Avx2.MultiplyAddAdjacent(p3, high);
            l3 += Avx2.MultiplyAddAdjacent(p3, low);
        }

        return Avx2.PackUnsignedSaturate(
            Avx2.PackSignedSaturate(Rounded(h0, l0), Rounded(h1, l1)), Avx2.PackSignedSaturate(Rounded(h2, l2), Rounded(h3, l3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Rounded(Vector256<int> high, Vector256<int> low) =>
        ((high << Taps.LowBits) + low + Vector256.Create(Half)) >> Taps.FractionBits;
}
