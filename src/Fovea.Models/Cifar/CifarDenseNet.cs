using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>DenseNet-BC-121's depths with growth 12 (Huang et al. 2016, arXiv:1608.06993, table 1), without the stem's strides.</summary>
internal static class CifarDenseNet
{
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        CifarRow.Of("cifar_densenet", "densenet", Of([6, 12, 24, 16], growth: 12), "arXiv:1608.06993"),
    ];

    private static ModelBuilder Of(int[] depths, int growth) => (s, x, options) =>
    {
        x = x.PlainConv(s["conv1"], 2 * growth, kernel: 3);
        for (var stage = 1; stage <= depths.Length; stage++)
        {
            for (var i = 0; i < depths[stage - 1]; i++) x = Dense(s[$"dense{stage}"][i], x, growth);
            if (stage < depths.Length) x = Transition(s[$"trans{stage}"], x);
        }

        return x.Norm(s["bn"]).Relu().Classifier(s["linear"], options);
    };

    /// <summary>The new channels come in front of the old ones.</summary>
    private static Value Dense(Scope s, Value x, int growth)
    {
        var y = x.Norm(s["bn1"]).Relu().PlainConv(s["conv1"], 4 * growth, kernel: 1);
        return y.Norm(s["bn2"]).Relu().PlainConv(s["conv2"], growth, kernel: 3).Concat(axis: 1, x);
    }

    private static Value Transition(Scope s, Value x) =>
        x.Norm(s["bn"]).Relu().PlainConv(s["conv"], x.Shape.C / 2, kernel: 1).AvgPool(kernel: 2, stride: 2);
}
