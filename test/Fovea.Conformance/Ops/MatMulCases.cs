using Fovea.Ops;

namespace Fovea.Conformance.Ops;

/// <summary>Matrix products.</summary>
public static class MatMulCases
{
    /// <summary>Every pair of transpositions for several sizes.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Size("odd", [], 5, 7, 3),
        .. Size("one_row", [], 1, 16, 10),
        .. Size("one_column", [], 6, 5, 1),
        .. Size("outer", [], 4, 1, 6),
        .. Size("blocked", [], 32, 64, 48),
        .. Size("batch", [3], 4, 5, 6),
        .. Size("heads", [2, 3], 5, 4, 5),
        new("mat_mul/wide", new MatMul(TransposeA: true, Wide: true), Tolerance.Sums, OpInput.Of(40, 7), OpInput.Of(40, 5)),
        new("mat_mul/classifier", new MatMul(TransposeB: true), Tolerance.Sums, OpInput.Of(32, 2048), OpInput.Of(1000, 2048)) { RealSize = true },
        .. Size("tokens", [], 1576, 384, 1152, realSize: true),
        .. Size("attention", [8, 6], 197, 64, 197, realSize: true),
        new("mat_mul/token_weights", new MatMul(TransposeA: true, Wide: true), Tolerance.Sums, OpInput.Of(6272, 96), OpInput.Of(6272, 384)) { RealSize = true },
    ];

    private static IEnumerable<OpCase> Size(string name, int[] batch, int m, int k, int n, bool realSize = false)
    {
        bool[] flags = [false, true];
        foreach (var a in flags)
            foreach (var b in flags)
                yield return new(
                    $"mat_mul/{name}{(a ? "_ta" : "")}{(b ? "_tb" : "")}", new MatMul(a, b), Tolerance.Sums,
                    OpInput.Of([.. batch, a ? k : m, a ? m : k]), OpInput.Of([.. batch, b ? n : k, b ? k : n])) { RealSize = realSize };
    }
}
