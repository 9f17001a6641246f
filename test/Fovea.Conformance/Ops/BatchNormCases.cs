using Fovea.Ops;

namespace Fovea.Conformance.Ops;

/// <summary>Batch normalisation, evaluated and trained, and its gradient.</summary>
public static class BatchNormCases
{
    private const double Epsilon = 1e-5;

    private static readonly Tolerance s_statistics = new(
        5e-5, 3e-2, "sums over all pixels, then a difference of nearly equal numbers; in bfloat16 argument and result are rounded");

    /// <summary>Every shape in the three forms.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Shape("image", [2, 3, 5, 7]),
        .. Shape("one_image", [1, 4, 3, 3]),
        .. Shape("one_channel", [3, 1, 4, 2]),
        .. Shape("one_pixel", [5, 6, 1, 1]),
        .. Shape("blocked", [2, 32, 6, 6]),
        .. Shape("blocked_odd", [3, 17, 3, 5]),
        .. Shape("features", [7, 5]),
        .. Shape("resnet18", [8, 64, 56, 56], realSize: true),
        .. Shape("repvgg_late", [32, 256, 14, 14], realSize: true),
        .. Shape("mobilenet", [16, 144, 28, 28], realSize: true),
        .. Shape("features_real", [32, 2048], realSize: true),
    ];

    private static IEnumerable<OpCase> Shape(string name, int[] x, bool realSize = false)
    {
        var channels = OpInput.Of(x[1]).Wide;
        var (gamma, variance) = (channels.Between(0.5, 1.5), channels.Between(0.2, 2));
        yield return new(
            $"batch_norm/{name}", new BatchNorm(Epsilon), Tolerance.Rounding, OpInput.Of(x), gamma, channels, channels with { Fixed = true },
            variance with { Fixed = true })
        {
            RealSize = realSize,
        };
        yield return new($"batch_norm_training/{name}", new BatchNormTraining(Epsilon), s_statistics, OpInput.Of(x), gamma, channels)
        {
            DifferentiableResults = 1,
            RealSize = realSize,
        };
        yield return new(
            $"batch_norm_gradient/{name}", new BatchNormGradient(Epsilon), s_statistics, OpInput.Of(x), gamma, channels, channels, variance, OpInput.Of(x))
        {
            NotDifferentiable = "second derivatives are not defined",
            RealSize = realSize,
        };
    }
}
