using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Conformance.Ops;

/// <summary>Reductions, broadcasts and squared norms.</summary>
public static class ReduceCases
{
    /// <summary>Every kind over several axes.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Kind(ReduceKind.Sum), .. Kind(ReduceKind.Mean), .. Kind(ReduceKind.Max),
        Broadcast("channel", [5, 1, 1], [2, 5, 3, 4]),
        Broadcast("scalar", [], [3, 4]),
        Broadcast("row", [1, 6], [4, 6]),
        Broadcast("middle", [2, 1, 3], [2, 5, 3]),
        Broadcast("same", [2, 3], [2, 3]),
        new("broadcast/pixels", new Broadcast(new Shape(3, 4)), Tolerance.Exact, new OpInput(new TensorType(DType.UInt8, new Shape(4)), new Fill.Integers(0, 256)) { Fixed = true }),
        new("broadcast/resnet18", new Broadcast(new Shape(8, 64, 56, 56)), Tolerance.Exact, OpInput.Of(8, 64, 1, 1)) { RealSize = true },
        new("squared_norm/one", new SquaredNorm(), Tolerance.Sums, OpInput.Of(3, 4, 3, 3).Wide),
        new("squared_norm/many", new SquaredNorm(), Tolerance.Sums, OpInput.Of(3, 4, 3, 3).Wide, OpInput.Of(7).Wide, OpInput.Of().Wide, OpInput.Of(5, 9).Wide),
        new("squared_norm/same_sizes", new SquaredNorm(), Tolerance.Sums, OpInput.Of(64).Wide, OpInput.Of(64).Wide),
        new("squared_norm/resnet18", new SquaredNorm(), Tolerance.Sums, OpInput.Of(512, 512, 3, 3).Wide) { RealSize = true },
    ];

    private static OpCase Broadcast(string name, int[] from, int[] to) =>
        new($"broadcast/{name}", new Broadcast(new Shape(to)), Tolerance.Exact, OpInput.Of(from));

    private static IEnumerable<OpCase> Kind(ReduceKind kind)
    {
        var word = kind switch { ReduceKind.Sum => "sum", ReduceKind.Mean => "mean", _ => "max" };
        OpCase Case(string name, int[] x, AxisSet axes, bool keep = false) =>
            new($"reduce/{word}_{name}", new Reduce(kind, axes, keep), kind == ReduceKind.Max ? Tolerance.Exact : Tolerance.Sums, OpInput.Of(x).Distinct());
        yield return Case("all", [2, 3, 4, 5], AxisSet.All(4));
        yield return Case("all_kept", [3, 5], AxisSet.All(2), keep: true);
        yield return Case("image", [2, 3, 4, 5], AxisSet.Of(2, 3), keep: true);
        yield return Case("channels", [3, 17, 2, 3], AxisSet.Of(0, 2, 3));
        yield return Case("batch", [5, 7], AxisSet.Of(0));
        yield return Case("last", [4, 9], AxisSet.Of(1));
        yield return Case("middle", [2, 6, 3], AxisSet.Of(1), keep: true);
        yield return Case("one", [1, 1], AxisSet.Of(0));
        yield return Case("vector", [33], AxisSet.Of(0));
        yield return Case("bias_gradient", [16, 64, 28, 28], AxisSet.Of(0, 2, 3)) with { RealSize = true };
        yield return Case("squeeze", [16, 240, 14, 14], AxisSet.Of(2, 3)) with { RealSize = true };
        yield return Case("spatial_attention", [16, 128, 28, 28], AxisSet.Of(1), keep: true) with { RealSize = true };
        yield return Case("tokens", [8, 196, 384], AxisSet.Of(1)) with { RealSize = true };
    }
}
