using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>Deep layer aggregation (Yu et al. 2017, arXiv:1707.06484) of basic blocks, in the shape of DLA-34.</summary>
internal static class CifarDla
{
    internal static IReadOnlyList<ModelRow> Rows { get; } = [CifarRow.Of("cifar_dla", "dla", Build, "arXiv:1707.06484")];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = x.ConvNormRelu(s["base"][0], s["base"][1], 16, kernel: 3);
        x = x.ConvNormRelu(s["layer1"][0], s["layer1"][1], 16, kernel: 3);
        x = x.ConvNormRelu(s["layer2"][0], s["layer2"][1], 32, kernel: 3);
        x = Tree(s["layer3"], x, 64, level: 1, stride: 1);
        x = Tree(s["layer4"], x, 128, level: 2, stride: 2);
        x = Tree(s["layer5"], x, 256, level: 2, stride: 2);
        x = Tree(s["layer6"], x, 512, level: 1, stride: 2);
        return x.Classifier(s["linear"], options);
    }

    /// <summary>Aggregates a block on x, the smaller trees one after the other, and two more blocks (fig. 3). The root is declared first.</summary>
    private static Value Tree(Scope s, Value x, int channels, int level, int stride)
    {
        var nodes = level == 1 ? 2 : level + 2;
        var conv = Declared.Conv(s["root.conv"], nodes * channels, channels, kernel: 1);
        var norm = Declared.Norm(s["root.bn"], channels);
        var left = x;
        List<Value> leaves = [];
        for (var i = level - 1; i >= 1; i--)
        {
            left = Tree(s[$"level_{i}"], left, channels, i, stride);
            leaves.Add(left);
        }

        if (level > 1) leaves.Insert(0, CifarBlocks.Basic(s["prev_root"], x, channels, stride));
        left = CifarBlocks.Basic(s["left_node"], left, channels, level == 1 ? stride : 1);
        var right = CifarBlocks.Basic(s["right_node"], left, channels, stride: 1);
        var all = leaves.Append(left).Append(right).ToArray();
        return norm(conv(all[0].Concat(axis: 1, all.AsSpan(1)))).Relu();
    }
}
