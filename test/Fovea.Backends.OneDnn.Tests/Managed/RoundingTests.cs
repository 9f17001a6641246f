using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Managed;

/// <summary>Numbers that are rounded to bfloat16 and stay in float32, alone or beside a copy in bfloat16.</summary>
public sealed unsafe class RoundingTests : IDisposable
{
    private const int Count = (3 * 16 * 1024) + 7;

    private readonly nint[] _rows = [.. Enumerable.Range(0, 4).Select(_ => (nint)NativeMemory.AlignedAlloc(Count * sizeof(float), 64))];

    private Span<float> X => Elements.Floats(_rows[0], Count);

    public void Dispose()
    {
        foreach (var row in _rows) NativeMemory.AlignedFree((void*)row);
    }

    [Fact]
    public void A_rounding_gives_the_bits_of_a_cast_and_one_back_and_leaves_those_of_the_cast()
    {
        var (narrow, wide) = Cast();
        new RoundKernel(Count).Run([_rows[0], _rows[3]]);
        Assert.True(Bytes<float>(3).SequenceEqual(wide));
        new RoundKernel(Count).Run([_rows[0], _rows[0], _rows[3]]);
        Assert.True(Bytes<float>(0).SequenceEqual(wide), "in place");
        Assert.True(Bytes<ushort>(3).SequenceEqual(narrow), "the copy");
    }

    [Fact]
    public void What_is_read_in_fp32_is_rounded_and_kept_and_read_from_the_copy_once_it_is_settled()
    {
        var (narrow, wide) = Cast();
        var operand = new MixedOperand(_rows[3], _rows[0]);
        Numbers.Copy<MixedNumbers, Float32Numbers>((nint)(&operand), 0, _rows[2], 0, Count);
        Assert.True(Bytes<float>(2).SequenceEqual(wide));
        Assert.True(Bytes<ushort>(3).SequenceEqual(narrow), "the copy");
        MixedNumbers.Settle((nint)(&operand));
        (X[5], X[Count - 1]) = (float.NaN, float.NaN);
        Numbers.Copy<MixedNumbers, Float32Numbers>((nint)(&operand), 0, _rows[2], 0, Count);
        Assert.True(Bytes<float>(2).SequenceEqual(wide), "settled");
    }

    [Fact]
    public void What_is_written_is_rounded_in_both_copies()
    {
        var (narrow, wide) = Cast();
        var both = new MixedOperand(_rows[3], _rows[2]);
        Numbers.Copy<Float32Numbers, MixedNumbers>(_rows[0], 0, (nint)(&both), 0, Count);
        Assert.True(Bytes<float>(2).SequenceEqual(wide) && Bytes<ushort>(3).SequenceEqual(narrow), "both");
        var alone = new MixedOperand(0, _rows[0]);
        Numbers.Copy<Float32Numbers, MixedNumbers>(_rows[0], 0, (nint)(&alone), 0, Count);
        Assert.True(Bytes<float>(0).SequenceEqual(wide), "float32 alone");
    }

    /// <summary>Fills the first row, and gives the bytes of its cast and of that back.</summary>
    private (byte[] Narrow, byte[] Wide) Cast()
    {
        var draws = new Philox(3, 5);
        for (var i = 0; i < Count; i++) X[i] = (float)((draws.Uniform((ulong)i) - 0.5) * Math.Pow(2, (i % 200) - 100));
        float[] special = [0, -0f, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, float.MaxValue, float.MinValue, 1.00390625f, 1.01171875f];
        special.CopyTo(X);
        special.CopyTo(X[^special.Length..]);
        new CastKernel(Count, DType.Float32).Run([_rows[0], _rows[1]]);
        new CastKernel(Count, DType.BFloat16).Run([_rows[1], _rows[2]]);
        return (Bytes<ushort>(1).ToArray(), Bytes<float>(2).ToArray());
    }

    private Span<byte> Bytes<T>(int row)
        where T : unmanaged => new((void*)_rows[row], Count * sizeof(T));
}
