using Fovea.Ops;

namespace Fovea.Conformance.Ops;

/// <summary>Softmax, cross-entropy and their gradients.</summary>
public static class SoftmaxCases
{
    /// <summary>Every axis and every kind of target.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Softmax("classes", [4, 10], 1),
        .. Softmax("one_row", [1, 7], 1),
        .. Softmax("one_class", [3, 1], 1),
        .. Softmax("channels", [2, 5, 3, 4], 1),
        .. Softmax("rows", [6, 3], 0),
        .. Softmax("heads", [2, 3, 4, 5], 3),
        .. Loss("classes", 5, 10, 0),
        .. Loss("smoothed", 3, 7, 0.1),
        .. Loss("one_sample", 1, 4, 0),
        .. Loss("one_class", 3, 1, 0.1),
        .. Loss("imagenet", 2, 1000, 0.1),
        new(
            "softmax_cross_entropy/large_logits", new SoftmaxCrossEntropy(), Tolerance.Function,
            OpInput.Of(4, 9).Between(-90, 90).Wide, OpInput.Integers(0, 9, 4)),
        new("softmax_cross_entropy/label_outside", new SoftmaxCrossEntropy(0.1), Tolerance.Function, OpInput.Of(6, 3).Wide, OpInput.Integers(-2, 5, 6)),
        new(
            "softmax_cross_entropy/resnet18", new SoftmaxCrossEntropy(0.1), Tolerance.Function,
            OpInput.Of(256, 1000).Wide, OpInput.Integers(0, 1000, 256)) { RealSize = true },
        .. Softmax("deit_small", [8, 6, 197, 197], 3, realSize: true),
        .. Softmax("selective_kernel", [16, 2, 256, 14, 14], 1, realSize: true),
    ];

    private static IEnumerable<OpCase> Softmax(string name, int[] x, int axis, bool realSize = false)
    {
        yield return new($"softmax/{name}", new Softmax(axis), Tolerance.Function, OpInput.Of(x).Between(-3, 3)) { RealSize = realSize };
        yield return new($"softmax_gradient/{name}", new SoftmaxGradient(axis), Tolerance.Sums, OpInput.Of(x).Between(0, 0.5), OpInput.Of(x))
        {
            NotDifferentiable = "second derivatives are not defined",
            RealSize = realSize,
        };
    }

    private static IEnumerable<OpCase> Loss(string name, int n, int classes, double smoothing)
    {
        var logits = OpInput.Of(n, classes).Between(-3, 3).Wide;
        var labels = OpInput.Integers(0, classes, n);
        var weights = OpInput.Of(n, classes).Between(0, 1).Wide with { Fixed = true };
        foreach (var (kind, target) in new[] { ("", labels), ("_soft", weights) })
        {
            yield return new($"softmax_cross_entropy/{name}{kind}", new SoftmaxCrossEntropy(smoothing), Tolerance.Function, logits, target);
            yield return new(
                $"softmax_cross_entropy_gradient/{name}{kind}", new SoftmaxCrossEntropyGradient(smoothing), Tolerance.Function,
                logits, target, OpInput.Of(n).Wide)
            {
                NotDifferentiable = "second derivatives are not defined",
            };
        }
    }
}
