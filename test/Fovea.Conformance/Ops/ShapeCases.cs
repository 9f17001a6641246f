using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Conformance.Ops;

/// <summary>Operations that only move elements.</summary>
public static class ShapeCases
{
    /// <summary>Reshape, transpose, pad, slice and concat.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        Reshape("flatten", [2, 3, 4, 5], [2, 60]),
        Reshape("blocked_flatten", [2, 32, 3, 3], [2, 288]),
        Reshape("scalar", [1, 1], []),
        Reshape("split", [6, 4], [2, 3, 2, 2]),
        Reshape("global_pool", [2, 16, 1, 1], [2, 16]),
        Transpose("matrix", [3, 5], 1, 0),
        Transpose("channels_last", [2, 3, 4, 5], 0, 2, 3, 1),
        Transpose("shuffle", [2, 2, 3, 4, 5], 0, 2, 1, 3, 4),
        Transpose("reverse", [2, 1, 3], 2, 1, 0),
        Transpose("same", [2, 3], 0, 1),
        Pad("channels", [2, 3, 4, 4], [0, 2, 0, 0], [0, 1, 0, 0]),
        Pad("image", [1, 2, 3, 5], [0, 0, 1, 2], [0, 0, 2, 0]),
        Pad("nothing", [2, 3], [0, 0], [0, 0]),
        Slice("even_pixels", [2, 3, 7, 8], [0, 0, 0, 0], [2, 3, 4, 4], [1, 1, 2, 2]),
        Slice("channels", [2, 6, 3, 3], [0, 2, 0, 0], [2, 3, 3, 3], [1, 1, 1, 1]),
        Slice("offset", [9], [2], [3], [3]),
        Slice("one", [4, 5], [3, 4], [1, 1], [1, 2]),
        SliceGradient("even_pixels", [2, 3, 7, 8], [0, 0, 0, 0], [2, 3, 4, 4], [1, 1, 2, 2]),
        SliceGradient("channels", [2, 6, 3, 3], [0, 2, 0, 0], [2, 3, 3, 3], [1, 1, 1, 1]),
        SliceGradient("one", [4, 5], [3, 4], [1, 1], [1, 2]),
        .. Between("mixnet_thirds", 40, [15, 13, 12]),
        .. Between("mixnet_pair", 61, [30, 31]),
        .. Between("around_blocks", 51, [7, 9, 15, 17, 3]),
        .. Between("past_two_blocks", 100, [33, 25, 23, 19]),
        new("concat/channels", new Concat(1), Tolerance.Exact, OpInput.Of(2, 3, 4, 4), OpInput.Of(2, 5, 4, 4), OpInput.Of(2, 1, 4, 4)),
        new("concat/blocked", new Concat(1), Tolerance.Exact, OpInput.Of(1, 16, 3, 3), OpInput.Of(1, 32, 3, 3)),
        new("concat/batch", new Concat(0), Tolerance.Exact, OpInput.Of(1, 4), OpInput.Of(3, 4)),
        new("concat/last", new Concat(2), Tolerance.Exact, OpInput.Of(2, 3, 1), OpInput.Of(2, 3, 4)),
        new("concat/one", new Concat(0), Tolerance.Exact, OpInput.Of(5)),
        Transpose("resnet18", [8, 64, 56, 56], 0, 2, 3, 1) with { RealSize = true },
        Transpose("shuffle_real", [16, 2, 58, 28, 28], 0, 2, 1, 3, 4) with { RealSize = true },
        Transpose("heads", [8, 197, 3, 6, 64], 2, 0, 3, 1, 4) with { RealSize = true },
        Pad("image_real", [8, 96, 28, 28], [0, 0, 1, 1], [0, 0, 2, 2]) with { RealSize = true },
        Slice("half_real", [16, 116, 28, 28], [0, 58, 0, 0], [16, 58, 28, 28], [1, 1, 1, 1]) with { RealSize = true },
        Slice("even_pixels_real", [8, 96, 56, 56], [0, 0, 0, 0], [8, 96, 28, 28], [1, 1, 2, 2]) with { RealSize = true },
        SliceGradient("half_real", [16, 116, 28, 28], [0, 58, 0, 0], [16, 58, 28, 28], [1, 1, 1, 1]) with { RealSize = true },
        new("concat/densenet", new Concat(1), Tolerance.Exact, OpInput.Of(8, 256, 28, 28), OpInput.Of(8, 32, 28, 28)) { RealSize = true },
    ];

    /// <summary>
    /// The parts of one tensor whose offsets lie between multiples of the channel blocks of 8 and 16, as MixNet's splits do; each part
    /// alone, its gradient, and the concatenation of all.
    /// </summary>
    private static IEnumerable<OpCase> Between(string name, int channels, int[] sizes)
    {
        var start = 0;
        foreach (var size in sizes)
        {
            int[] starts = [0, start, 0, 0], part = [2, size, 5, 3];
            yield return Slice($"{name}_from_{start}", [2, channels, 5, 3], starts, part, [1, 1, 1, 1]);
            yield return SliceGradient($"{name}_from_{start}", [2, channels, 5, 3], starts, part, [1, 1, 1, 1]);
            start += size;
        }

        yield return new($"concat/{name}", new Concat(1), Tolerance.Exact, [.. sizes.Select(size => OpInput.Of(2, size, 5, 3))]);
    }

    private static OpCase Reshape(string name, int[] x, int[] y) => new($"reshape/{name}", new Reshape(new Shape(y)), Tolerance.Exact, OpInput.Of(x));

    private static OpCase Transpose(string name, int[] x, params int[] order) =>
        new($"transpose/{name}", new Transpose(new Permutation(order)), Tolerance.Exact, OpInput.Of(x));

    private static OpCase Pad(string name, int[] x, int[] before, int[] after) =>
        new($"pad/{name}", new Pad(new Padding(new Shape(before), new Shape(after))), Tolerance.Exact, OpInput.Of(x));

    private static OpCase Slice(string name, int[] x, int[] starts, int[] sizes, int[] steps) =>
        new($"slice/{name}", new Slice(new Shape(starts), new Shape(sizes), new Shape(steps)), Tolerance.Exact, OpInput.Of(x));

    private static OpCase SliceGradient(string name, int[] x, int[] starts, int[] sizes, int[] steps) =>
        new($"slice_gradient/{name}", new SliceGradient(new Shape(starts), new Shape(steps), new Shape(x)), Tolerance.Exact, OpInput.Of(sizes));
}
