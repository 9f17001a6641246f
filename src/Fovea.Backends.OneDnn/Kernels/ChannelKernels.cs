using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Channels;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>What moves channels: a kernel of our own in the layout that most of the sources have.</summary>
internal static class ChannelKernels
{
    internal static void Gather(Node node, PlanBuilder plan)
    {
        var map = ((GatherChannels)node.Op).Map;
        var like = Layout(node, plan);
        var reads = node.Inputs.Select(input => plan.As(input, plan.LayoutLike(like, input.Type))).ToArray();
        var y = plan.Define(node.Result, plan.LayoutLike(like, node.Result.Type));
        plan.Emit(node, GatherKernel.Of(map, [.. reads.Select(read => read.Desc)], y.Desc), reads, [y]);
    }

    /// <summary>The layout that the most bytes of the sources have already.</summary>
    private static MemoryDesc Layout(Node node, PlanBuilder plan) =>
        node.Inputs.Select(input => plan.Of(input).Desc)
            .GroupBy(desc => !MapGrid.Fits(desc) || desc.IsPlain ? 0 : desc.IsChannelsLast ? 1 : MapGrid.BlockOf(desc))
            .MaxBy(layouts => layouts.Sum(desc => desc.Bytes))!.First();
}
