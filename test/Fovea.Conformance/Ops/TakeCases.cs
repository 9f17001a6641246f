using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Conformance.Ops;

/// <summary>Rows of a table and their gradient.</summary>
public static class TakeCases
{
    /// <summary>Several tables and shapes of indices.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Table("rows", [9, 3], 0, 9, [4, 5]),
        .. Table("numbers", [11], 0, 11, [6]),
        .. Table("one_index", [4, 6], 0, 4, []),
        .. Table("blocks", [3, 2, 5], 0, 3, [2, 2]),
        .. Table("outside", [5, 4], -3, 8, [12]),
        .. Table("many", [3, 16], 0, 3, [50]),
        .. Table("swin_bias", [169, 6], 0, 169, [49, 49], realSize: true),
        .. Table("tokens", [197, 384], 0, 197, [1576], realSize: true),
    ];

    private static IEnumerable<OpCase> Table(string name, int[] table, int low, int high, int[] indices, bool realSize = false)
    {
        var chosen = OpInput.Integers(low, high, indices);
        yield return new($"take/{name}", new Take(), Tolerance.Exact, OpInput.Of(table), chosen) { RealSize = realSize };
        var dy = OpInput.Of([.. indices, .. table[1..]]);
        yield return new($"take_gradient/{name}", new TakeGradient(new Shape(table)), Tolerance.Sums, dy, chosen) { RealSize = realSize };
    }
}
