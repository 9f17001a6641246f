using Fovea.Ops;

namespace Fovea.Conformance.Ops;

/// <summary>Functions of two numbers, with and without broadcasting, and the blend of two tensors.</summary>
public static class BinaryCases
{
    private static readonly (string Name, int[] A, int[] B)[] s_shapes =
    [
        ("equal", [2, 3, 5, 7], [2, 3, 5, 7]),
        ("scalar_right", [2, 3, 4, 5], []),
        ("scalar_left", [], [3, 5]),
        ("channel", [2, 5, 3, 4], [5, 1, 1]),
        ("squeeze_excite", [2, 5, 3, 4], [2, 5, 1, 1]),
        ("both", [2, 1, 3, 1], [4, 1, 5]),
        ("bias", [4, 6], [6]),
        ("ones", [1, 1, 1, 1], [1, 1, 1, 1]),
        ("blocked_channel", [2, 32, 3, 3], [1, 32, 1, 1]),
    ];

    /// <summary>Every function with every pair of shapes.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Function(new Add(), x => x),
        .. Function(new Subtract(), x => x),
        .. Function(new Multiply(), x => x),
        .. Function(new Divide(), x => x.Between(0.5, 2)),
        .. Function(new Maximum(), x => x.OnGrid(0.0625)),
        .. Function(new Minimum(), x => x.OnGrid(0.0625)),
        .. Function(new GreaterOrEqual(), x => x.OnGrid(0.0625)),
        new("greater_or_equal/ties", new GreaterOrEqual(), Tolerance.Exact, OpInput.Of(4, 9).OnGrid(0), OpInput.Of(4, 9).OnGrid(0))
        {
            DifferentiableResults = 0,
        },
        new("add/resnet18", new Add(), Tolerance.Rounding, OpInput.Of(8, 64, 56, 56), OpInput.Of(8, 64, 56, 56)) { RealSize = true },
        new("multiply/squeeze_excite_real", new Multiply(), Tolerance.Sums, OpInput.Of(16, 240, 14, 14), OpInput.Of(16, 240, 1, 1)) { RealSize = true },
        new("add/channel_bias", new Add(), Tolerance.Sums, OpInput.Of(16, 96, 28, 28), OpInput.Of(1, 96, 1, 1)) { RealSize = true },
        new("divide/tokens", new Divide(), Tolerance.Rounding, OpInput.Of(8, 197, 192), OpInput.Of(192).Between(0.5, 2)) { RealSize = true },
        new("blend/statistics", new Blend(0.9, 0.1), Tolerance.Rounding, OpInput.Of(17), OpInput.Of(17)),
        new("blend/weights", new Blend(0.999, 0.001), Tolerance.Rounding, OpInput.Of(3, 2, 3, 3), OpInput.Of(3, 2, 3, 3)),
        new("blend/scalar", new Blend(-2, 0.5), Tolerance.Rounding, OpInput.Of(), OpInput.Of()),
    ];

    private static IEnumerable<OpCase> Function(Binary function, Func<OpInput, OpInput> right)
    {
        var grid = right(OpInput.Of()).Fill is Fill.Grid;
        foreach (var (name, a, b) in s_shapes)
            yield return new(
                $"{function.Name}/{name}", function, grid ? Tolerance.Exact : Tolerance.Rounding,
                grid ? OpInput.Of(a).OnGrid(0) : OpInput.Of(a), right(OpInput.Of(b)));
    }
}
