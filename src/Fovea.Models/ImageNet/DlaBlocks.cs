using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>A residual block around <paramref name="skip"/>; <paramref name="channels"/> come out, at 1/<paramref name="stride"/> of the resolution.</summary>
internal delegate Value DlaBlock(Scope s, Value x, Value skip, int channels, int stride, DlaForm form);

/// <summary>What tells the rows of <see cref="Dla"/> apart.</summary>
/// <param name="Levels">The convolutions of the first two stages, and how deep the trees of the other four are.</param>
/// <param name="Channels">The channels of each stage.</param>
/// <param name="Block">The blocks in the trees.</param>
internal sealed record DlaForm(int[] Levels, int[] Channels, DlaBlock Block)
{
    /// <summary>The groups of a block's 3×3 convolutions.</summary>
    internal int Groups { get; init; } = 1;

    /// <summary>The channels of a group in a block of 128.</summary>
    internal int GroupWidth { get; init; } = 64;

    /// <summary>Whether a root adds the last block to its result.</summary>
    internal bool RootAdds { get; init; }

    /// <summary>The width of a block's 3×3 convolutions when <paramref name="channels"/> come out.</summary>
    internal int Inner(int channels) => channels * GroupWidth / 64 * Groups / 2;
}

/// <summary>The blocks of <see cref="Dla"/>.</summary>
internal static class DlaBlocks
{
    /// <summary>In how many parts a block of Res2Net splits its channels.</summary>
    private const int Scales = 4;

    /// <summary>Two 3×3 convolutions.</summary>
    internal static Value Basic(Scope s, Value x, Value skip, int channels, int stride, DlaForm form)
    {
        var y = x.Conv(s["conv1"], channels, kernel: 3, stride).Norm(s["bn1"]).Relu();
        return y.Conv(s["conv2"], channels, kernel: 3).Norm(s["bn2"]).Plus(skip).Relu();
    }

    /// <summary>1×1, 3×3 and 1×1 convolutions.</summary>
    internal static Value Bottleneck(Scope s, Value x, Value skip, int channels, int stride, DlaForm form)
    {
        var inner = form.Inner(channels);
        var y = x.Conv(s["conv1"], inner, kernel: 1).Norm(s["bn1"]).Relu();
        y = y.Conv(s["conv2"], inner, kernel: 3, stride, groups: form.Groups).Norm(s["bn2"]).Relu();
        return y.Conv(s["conv3"], channels, kernel: 1).Norm(s["bn3"]).Plus(skip).Relu();
    }

    /// <summary>
    /// A bottleneck whose channels fall into four parts, each but the last convolved after the one before is added (arXiv:1904.01169, fig. 2b).
    /// </summary>
    /// <remarks>Where the resolution changes nothing is added, and the last part is averaged.</remarks>
    internal static Value MultiScale(Scope s, Value x, Value skip, int channels, int stride, DlaForm form)
    {
        var inner = form.Inner(channels);
        var y = x.Conv(s["conv1"], Scales * inner, kernel: 1).Norm(s["bn1"]).Relu();
        var weights = Enumerable.Range(0, Scales - 1)
            .Select(i => s["convs"][i].Parameter("weight", new Shape(inner, inner / form.Groups, 3, 3), Initializer.KaimingFanOut)).ToArray();
        var parts = new Value[Scales];
        for (var i = 0; i < Scales - 1; i++)
        {
            var part = y.Slice(1, i * inner, inner);
            if (i > 0 && stride == 1) part = parts[i - 1].Plus(part);
            parts[i] = part.Conv2d(weights[i], Window2d.Of(stride, padding: 1), form.Groups).Norm(s["bns"][i]).Relu();
        }

        var last = y.Slice(1, (Scales - 1) * inner, inner);
        parts[^1] = stride == 1 ? last : last.AvgPool(kernel: 3, stride, padding: 1);
        return parts[0].Concat(1, parts.AsSpan(1)).Conv(s["conv3"], channels, kernel: 1).Norm(s["bn3"]).Plus(skip).Relu();
    }
}
