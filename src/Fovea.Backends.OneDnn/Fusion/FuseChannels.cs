using System.Collections.Immutable;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>
/// Makes concatenation, slices, padding and shuffles along channels one <see cref="GatherChannels"/>, and joins those that follow one another.
/// </summary>
/// <remarks>
/// A gather reads through another when only gathers read that one. A sum of gathers that fill different channels, as the gradient of a split is, is
/// one gather. A gather that gives a value back as it is vanishes.
/// </remarks>
internal sealed class FuseChannels : Pass
{
    private readonly HashSet<Value> _transparent = [];

    public override string Name => "fuse_channels";

    protected override void Prepare(Graph source)
    {
        _transparent.Clear();
        var readers = new Dictionary<Value, int>();
        foreach (var node in source.Nodes)
            if (Gather(node) is not null)
                foreach (var input in node.Inputs) readers[input] = readers.GetValueOrDefault(input) + 1;
        foreach (var (value, count) in readers)
            if (count == value.Uses && Gather(value.Node) is not null) _transparent.Add(value);
    }

    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (node.Op is SumAll or Add) return Joined(node, to);
        return Gather(node)?.Through(_transparent).Emit(to);
    }

    /// <summary>What a node gathers, or null.</summary>
    private static Gathering? Gather(Node node)
    {
        if (node.Result.Shape.Rank != 4 || !node.Result.Type.DType.IsFloat) return null;
        return node.Op switch
        {
            GatherChannels gather => new([.. node.Inputs], gather.Map.Channels),
            Concat { Axis: 1 } => new([.. node.Inputs],
                [.. node.Inputs.SelectMany((x, i) => Enumerable.Range(0, x.Shape.C).Select(c => new ChannelSource(i, c)))]),
            Slice slice when IsAlongChannels(node.Inputs[0].Shape, node.Result.Shape) => new(
                [node.Inputs[0]], [.. Enumerable.Range(0, node.Result.Shape.C).Select(k => new ChannelSource(0, slice.Starts.C + (k * slice.Steps.C)))]),
            SliceGradient slice when IsAlongChannels(slice.X, node.Inputs[0].Shape) => Spread(node, slice.Starts.C, slice.Steps.C),
            Pad pad when IsAlongChannels(node.Inputs[0].Shape, node.Result.Shape) => Spread(node, pad.Padding.Before.C, step: 1),
            Reshape when Shuffled(node) is { } shuffle => shuffle,
            _ => null,
        };
    }

    private static bool IsAlongChannels(Shape x, Shape y) => x.Rank == 4 && y.Rank == 4 && x.With(1, 0) == y.With(1, 0);

    private static Gathering Spread(Node node, int start, int step)
    {
        var channels = Enumerable.Repeat(ChannelSource.Zero, node.Result.Shape.C).ToArray();
        for (var c = 0; c < node.Inputs[0].Shape.C; c++) channels[start + (c * step)] = new(0, c);
        return new([node.Inputs[0]], [.. channels]);
    }

    /// <summary>[N, g·c, H, W] → [N, g, c, H, W] → [N, c, g, H, W] → [N, c·g, H, W].</summary>
    private static Gathering? Shuffled(Node last)
    {
        if (last.Inputs[0] is not { Op: Transpose turn } turned || turned.Shape.Rank != 5 || turn.Order != new Permutation(0, 2, 1, 3, 4)) return null;
        if (turned.Node.Inputs[0] is not { Op: Reshape } split || split.Node.Inputs[0] is not { Shape.Rank: 4 } x || x.Shape != last.Result.Shape) return null;
        var (groups, size) = (split.Shape[1], split.Shape[2]);
        if (split.Shape != new Shape(x.Shape.N, groups, size, x.Shape.H, x.Shape.W)) return null;
        return new([x], [.. Enumerable.Range(0, x.Shape.C).Select(k => new ChannelSource(0, (k % groups * size) + (k / groups)))]);
    }

    /// <summary>A sum with fewer terms, where some fill different channels and nothing else reads them; or null.</summary>
    private static Value[]? Joined(Node sum, Remap to)
    {
        var (gathers, others) = (new List<Gathering>(), new List<Value>());
        var found = 0;
        foreach (var input in sum.Inputs)
        {
            if (!input.UsedOnce || input.Op is not GatherChannels || Gather(input.Node) is not { } term)
            {
                others.Add(to[input]);
                continue;
            }

            found++;
            var beside = gathers.FindIndex(gather => gather.Beside(term) is not null);
            if (beside < 0) gathers.Add(term);
            else gathers[beside] = gathers[beside].Beside(term)!;
        }

        if (gathers.Count == found) return null;
        Value[] terms = [.. gathers.SelectMany(gather => gather.Emit(to)), .. others];
        var activation = (sum.Op as SumAll)?.Activation;
        if (terms.Length > 1) return [to.Graph.Add(new SumAll(activation), terms)];
        return activation is null ? terms : [to.Graph.Add(activation, terms[0])];
    }

    /// <summary>Channels of values of the source graph.</summary>
    private sealed record Gathering(ImmutableArray<Value> Sources, ImmutableArray<ChannelSource> Channels)
    {
        internal Gathering Through(HashSet<Value> transparent)
        {
            if (!Sources.Any(transparent.Contains)) return this;
            var sources = new List<Value>();
            var channels = Channels.Select(channel =>
            {
                var (value, at) = channel.Source < 0 ? (null, channel) : (Sources[channel.Source], channel);
                while (value is not null && transparent.Contains(value))
                {
                    var inner = Gather(value.Node)!;
                    at = inner.Channels[at.Channel];
                    value = at.Source < 0 ? null : inner.Sources[at.Source];
                }

                if (value is null) return ChannelSource.Zero;
                if (!sources.Contains(value)) sources.Add(value);
                return new ChannelSource(sources.IndexOf(value), at.Channel);
            }).ToImmutableArray();
            return sources.Count == 0 ? this : new([.. sources], channels);
        }

        /// <summary>This where it has a channel, otherwise the other; null where both have one.</summary>
        internal Gathering? Beside(Gathering other)
        {
            var channels = new ChannelSource[Channels.Length];
            for (var k = 0; k < channels.Length; k++)
            {
                var (mine, theirs) = (Channels[k], other.Channels[k]);
                if (mine.Source >= 0 && theirs.Source >= 0) return null;
                channels[k] = mine.Source >= 0 ? mine : theirs.Source >= 0 ? theirs with { Source = theirs.Source + Sources.Length } : ChannelSource.Zero;
            }

            return new([.. Sources, .. other.Sources], [.. channels]);
        }

        internal Value[] Emit(Remap to)
        {
            var used = Channels.Where(channel => channel.Source >= 0).Select(channel => Sources[channel.Source]).Distinct().ToList();
            if (used.Count == 0) used.Add(Sources[0]);
            var channels = Channels.Select(channel =>
                channel.Source < 0 ? channel : channel with { Source = used.IndexOf(Sources[channel.Source]) }).ToImmutableArray();
            var isWhole = used.Count == 1 && channels.Length == used[0].Shape.C
                && channels.Index().All(channel => channel.Item == new ChannelSource(0, channel.Index));
            return [isWhole ? to[used[0]] : to.Graph.Add(new GatherChannels(new ChannelMap(channels)), [.. used.Select(value => to[value])])];
        }
    }
}
