using Fovea.Ops;

namespace Fovea.Conformance.Ops;

/// <summary>Dropout in both forms.</summary>
public static class DropoutCases
{
    /// <summary>Several shapes, rates, streams and steps.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        new("dropout/identity", new Dropout(0.5), Tolerance.Exact, OpInput.Of(3, 7)),
        Random("features", 0.5, 1, 2, [5, 9], step: 0),
        Random("image", 0.2, 7, 3, [2, 3, 5, 7], step: 12345),
        Random("blocked", 0.3, ulong.MaxValue, ulong.MaxValue, [2, 32, 3, 3], step: int.MaxValue - 1),
        Random("one", 0.9, 0, 0, [1], step: 1),
        Random("nothing", 0, 0, 0, [4, 4], step: 1),
        Random("vgg16", 0.5, 1, 1, [64, 4096], step: 1) with { RealSize = true },
    ];

    private static OpCase Random(string name, double rate, ulong seed, ulong stream, int[] x, int step) =>
        new($"random_dropout/{name}", new RandomDropout(rate, seed, stream), Tolerance.Rounding, OpInput.Of(x), OpInput.Integers(step, step + 1, 1));
}
