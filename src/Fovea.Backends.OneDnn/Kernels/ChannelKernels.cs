using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Channels;
using Fovea.Backends.OneDnn.Managed.Maps;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>What moves channels: a kernel of our own in the layout that most of the sources have.</summary>
internal static class ChannelKernels
{
    internal static void Gather(Node node, PlanBuilder plan)
    {
        var map = ((GatherChannels)node.Op).Map;
        if (IsPart(node, plan, map)) return;
        var like = Layout(node, plan);
        var reads = node.Inputs.Select(input => plan.As(input, plan.Layouts.Like(like, input.Type))).ToArray();
        var y = plan.Define(node.Result, plan.Layouts.Like(like, node.Result.Type));
        MemoryDesc[] sources = [.. reads.Select(read => read.Desc)];
        plan.Emit(
            node, GatherKernel.Of(map, sources, y.Desc), reads, [y],
            mixed: new(() => GatherKernel.OfMixed(map, sources, y.Desc)));
    }

    /// <summary>Sees whole blocks of one source in place, where its readers are sums or the like; they step over the rest.</summary>
    private static bool IsPart(Node node, PlanBuilder plan, ChannelMap map)
    {
        if (map.Runs() is not [{ From: { Source: 0, Channel: var first } }] || plan.Uses.OnlyReader(node.Result)?.Op is not Map) return false;
        var x = plan.Of(node.Inputs[0]);
        var block = MapGrid.BlockOf(x.Desc);
        if (!MapGrid.Fits(x.Desc) || block == 1 || first % block != 0 || map.Count % block != 0) return false;
        if (x.Desc.SubMemory(node.Result.Shape, new Shape(0, 0, 0, 0)) is not { } part) return false;
        plan.Let(node.Result, plan.View(x, part, (long)first * x.Desc.Dims.H * x.Desc.Dims.W));
        return true;
    }

    /// <summary>The layout that the most bytes of the sources have already.</summary>
    private static MemoryDesc Layout(Node node, PlanBuilder plan) =>
        node.Inputs.Select(input => plan.LayoutOf(input))
            .GroupBy(desc => !MapGrid.Fits(desc) || desc.IsPlain ? 0 : desc.IsChannelsLast ? 1 : MapGrid.BlockOf(desc))
            .MaxBy(layouts => layouts.Sum(desc => desc.Bytes))!.First();
}
