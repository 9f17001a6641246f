using Fovea.Ops;

namespace Fovea.Conformance.Ops;

/// <summary>Random branches as they are evaluated and trained.</summary>
public static class RandomBranchCases
{
    /// <summary>Each kind, for tokens and images.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        new("drop_path/identity", new DropPath(0.2), Tolerance.Exact, OpInput.Of(3, 4, 5)),
        new("stochastic_depth/scaled", new StochasticDepth(0.75), Tolerance.Rounding, OpInput.Of(2, 3, 5, 7)),
        new("shake_drop/scaled", new ShakeDrop(0.6, new(-1, 1), new(0, 1)), Tolerance.Rounding, OpInput.Of(2, 3, 4, 4)),
        new("shake_shake/mean", new ShakeShake(ShakeMode.Both, PerImage: true), Tolerance.Rounding, OpInput.Of(2, 3, 4, 4), OpInput.Of(2, 3, 4, 4)),
        new(
            "shake_shake/mean_blocked", new ShakeShake(ShakeMode.Forward, PerImage: false), Tolerance.Rounding, OpInput.Of(2, 32, 4, 4),
            OpInput.Of(2, 32, 4, 4)),
        Random("drop_path", new DropPath(0.4).Law, [9, 5], step: 3),
        Random("drop_path_image", new DropPath(0.5).Law, [6, 3, 2, 3], step: 12),
        Random("drop_path_blocked", new DropPath(0.5).Law, [5, 17, 2, 3], step: int.MaxValue - 1),
        Random("stochastic_depth", new StochasticDepth(0.5).Law, [4, 7], step: 1),
        Random("shake_drop", new ShakeDrop(0.3, new(-1, 1), new(0, 1)).Law, [4, 3, 3, 3], step: 2),
        Random("shake_first", new ShakeShake(ShakeMode.Both, PerImage: true).First, [4, 16, 3, 3], step: 2),
        Random("shake_second", new ShakeShake(ShakeMode.Backward, PerImage: false).Second, [4, 6], step: 9),
        Random("backward", new ShakeShake(ShakeMode.Both, PerImage: true).First, [4, 6], step: 9, backward: true),
    ];

    /// <summary>Where the backward pass draws anew, differences cannot check it.</summary>
    private static OpCase Random(string name, ScaleLaw law, int[] x, int step, bool backward = false) => new(
        $"random_scale/{name}", new RandomScale(law, 5, ulong.MaxValue, backward), Tolerance.Rounding, OpInput.Of(x), OpInput.Integers(step, step + 1, 1))
    {
        DifferentiableResults = law.Forward == law.Backward && law.Forward.Low == law.Forward.High ? null : 0,
    };
}
