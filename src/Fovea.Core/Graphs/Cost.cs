namespace Fovea.Graphs;

/// <summary>The work of an operation.</summary>
/// <param name="Macs">
/// Multiply-accumulates of convolutions and matrix products; normalisation, activation, pooling and bias count none, as in the papers.
/// </param>
/// <param name="Flops">All arithmetic: two for each multiply-accumulate, one for each other elementary operation.</param>
/// <param name="Bytes">Elements read and written once, in bytes.</param>
public readonly record struct Cost(long Macs, long Flops, long Bytes)
{
    /// <summary>The sum of two works; <see cref="long.MaxValue"/> where it is more than that.</summary>
    public static Cost operator +(Cost left, Cost right) => new(Sum(left.Macs, right.Macs), Sum(left.Flops, right.Flops), Sum(left.Bytes, right.Bytes));

    /// <summary>The work of <paramref name="macs"/> multiply-accumulates on the given inputs and results.</summary>
    public static Cost OfMacs(long macs, ReadOnlySpan<Tensors.TensorType> inputs, ReadOnlySpan<Tensors.TensorType> results) =>
        new(macs, 2 * macs, Moved(inputs, results));

    /// <summary>The work of <paramref name="flops"/> elementary operations that are no multiply-accumulates.</summary>
    public static Cost OfFlops(long flops, ReadOnlySpan<Tensors.TensorType> inputs, ReadOnlySpan<Tensors.TensorType> results) =>
        new(0, flops, Moved(inputs, results));

    /// <summary>The sum of two works; the named form of the operator.</summary>
    public static Cost Add(Cost left, Cost right) => left + right;

    /// <summary>The sum of two counts, or <see cref="long.MaxValue"/>.</summary>
    internal static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    private static long Moved(ReadOnlySpan<Tensors.TensorType> inputs, ReadOnlySpan<Tensors.TensorType> results)
    {
        var bytes = 0L;
        foreach (var type in inputs) bytes += type.Bytes;
        foreach (var type in results) bytes += type.Bytes;
        return bytes;
    }
}
