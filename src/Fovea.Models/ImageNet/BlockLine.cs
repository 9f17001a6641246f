using Fovea.Graphs;

namespace Fovea.Models.ImageNet;

/// <summary>What a block of an <see cref="InvertedResidualNet"/> is made of.</summary>
internal enum BlockKind
{
    /// <summary>One convolution.</summary>
    Plain,

    /// <summary>A depthwise and a 1×1 convolution.</summary>
    Separable,

    /// <summary>A 1×1 convolution that widens, a depthwise one, a 1×1 one that narrows (Sandler et al. 2018, arXiv:1801.04381, fig. 3b).</summary>
    Inverted,

    /// <summary>A convolution that widens and a 1×1 one that narrows (Tan and Le 2021, arXiv:2104.00298, fig. 2, right).</summary>
    Fused,
}

/// <summary>A line of a stage table: equal blocks, one after the other.</summary>
/// <param name="Kind">What a block is made of.</param>
/// <param name="Blocks">How many, before the depth is scaled.</param>
/// <param name="Kernels">Rows and columns of the kernel that sees more than a pixel; with several, each takes an equal part of the channels.</param>
/// <param name="Stride">That of the first block, if the line is the first of its stage; all others have 1.</param>
/// <param name="Channels">Those that come out, before the width is scaled.</param>
internal sealed record BlockLine(BlockKind Kind, int Blocks, int[] Kernels, int Stride, int Channels)
{
    private static readonly int[] s_pointwise = [1];
    private static readonly int[] s_twoPointwise = [1, 1];

    /// <summary>How many times wider a block is inside than the image that it gets.</summary>
    internal double Expansion { get; init; } = 1;

    /// <summary>Channels of the squeeze as a part of the channels of the image that the block gets; 0 for no squeeze.</summary>
    internal double Squeeze { get; init; }

    /// <summary>Whether the image that the block gets is added, where the shape stays.</summary>
    internal bool Skips { get; init; } = true;

    /// <summary>The kernels of the 1×1 convolution that widens: two for two halves of the channels.</summary>
    internal int[] Widening { get; init; } = s_pointwise;

    /// <summary>The kernels of the 1×1 convolution that narrows.</summary>
    internal int[] Narrowing { get; init; } = s_pointwise;

    /// <summary>The activation; null for that of the net.</summary>
    internal Func<Value, Value>? Act { get; init; }

    /// <summary>The line with both 1×1 convolutions, or the one that is asked for, in two halves (Tan and Le 2019, arXiv:1907.09595, §3).</summary>
    internal BlockLine InHalves(bool widening = true, bool narrowing = true) =>
        this with { Widening = widening ? s_twoPointwise : s_pointwise, Narrowing = narrowing ? s_twoPointwise : s_pointwise };

    internal static BlockLine Plain(int blocks, int kernel, int stride, int channels, bool skips = false) =>
        new(BlockKind.Plain, blocks, [kernel], stride, channels) { Skips = skips };

    internal static BlockLine Separable(int blocks, int kernel, int stride, int channels, double squeeze = 0, bool skips = true) =>
        new(BlockKind.Separable, blocks, [kernel], stride, channels) { Squeeze = squeeze, Skips = skips };

    internal static BlockLine Inverted(int blocks, int kernel, int stride, double expansion, int channels, double squeeze = 0, bool skips = true) =>
        Mixed(blocks, [kernel], stride, expansion, channels, squeeze) with { Skips = skips };

    internal static BlockLine Mixed(int blocks, int[] kernels, int stride, double expansion, int channels, double squeeze = 0) =>
        new(BlockKind.Inverted, blocks, kernels, stride, channels) { Expansion = expansion, Squeeze = squeeze };

    internal static BlockLine Fused(int blocks, int kernel, int stride, double expansion, int channels) =>
        new(BlockKind.Fused, blocks, [kernel], stride, channels) { Expansion = expansion };
}
