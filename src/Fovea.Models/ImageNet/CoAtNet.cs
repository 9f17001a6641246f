using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>CoAtNet (Dai et al. 2021, arXiv:2106.04803): stages of convolutions, then of attention; names and initialisers follow timm.</summary>
/// <remarks>
/// Relative positions follow the image as it comes to a stage. A shortcut that rounds down beside a convolution that rounds up wants images
/// that halve without a rest.
/// </remarks>
internal static class CoAtNet
{
    /// <summary>timm's models.</summary>
    internal static IReadOnlyList<ModelRow> Rows => CoAtNetRows.All;

    /// <summary>The catalogue's delegate for a plan.</summary>
    internal static ModelBuilder Of(CoAtNetPlan plan) => (s, x, options) =>
    {
        var (blocks, number) = (plan.Depths.Sum(), 0);
        x = Stem(s["stem"], x, plan);
        for (var stage = 0; stage < plan.Depths.Length; stage++)
        {
            Value? positions = null;
            for (var i = 0; i < plan.Depths[stage]; i++, number++)
            {
                var (at, width, stride) = (s["stages"][stage]["blocks"][i], plan.Widths[stage], i == 0 ? 2 : 1);
                var dropPath = options.DropPathAt(number, blocks);
                x = stage < 2 || (plan.Mixed && i == 0)
                    ? CoAtNetBlocks.Convolution(at, x, width, stride, dropPath, plan)
                    : CoAtNetBlocks.Attention(at, x, width, stride, dropPath, plan, ref positions);
            }
        }

        return plan.Hidden ? HiddenHead(s["head"], x, options) : CoAtNetBlocks.Norm(s["norm"], x, plan).Classifier(s["head.fc"], options);
    };

    private static Value Stem(Scope s, Value x, CoAtNetPlan plan)
    {
        if (x.Shape.H % plan.Step != 0 || x.Shape.W % plan.Step != 0)
            throw new ShapeException($"{s["conv1"].Path} (conv2d): x {x.Shape} does not halve in the blocks behind; wanted multiples of {plan.Step} pixels");
        x = CoAtNetBlocks.Conv(s["conv1"], x, plan.Stem.First, kernel: 3, stride: 2).Norm(s["norm1"]);
        return CoAtNetBlocks.Conv(s["conv2"], plan.Activation(x), plan.Stem.Second, kernel: 3);
    }

    private static Value HiddenHead(Scope s, Value x, ModelOptions options)
    {
        x = x.GlobalAveragePool().LayerNorm(s["norm"], CoAtNetBlocks.Epsilon, axis: 1).Flatten();
        x = x.Dense(s["pre_logits.fc"], x.Shape.C).Tanh();
        return x.Logits(s["fc"], options);
    }
}
