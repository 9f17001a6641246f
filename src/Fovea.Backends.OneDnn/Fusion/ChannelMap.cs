using System.Collections.Immutable;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Where a channel comes from; source −1 is zero.</summary>
internal readonly record struct ChannelSource(int Source, int Channel)
{
    internal static readonly ChannelSource Zero = new(-1, 0);
}

/// <summary>For each channel of a result, a channel of one of several sources. Compared by content.</summary>
internal sealed class ChannelMap(ImmutableArray<ChannelSource> channels) : IEquatable<ChannelMap>
{
    internal ImmutableArray<ChannelSource> Channels => channels;

    internal int Count => channels.Length;

    public bool Equals(ChannelMap? other) => other is not null && channels.AsSpan().SequenceEqual(other.Channels.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as ChannelMap);

    public override int GetHashCode() => HashCode.Combine(channels.Length, channels.Length > 0 ? channels[^1] : default);

    /// <summary>Runs of neighbouring channels, as in <c>0:0+16,1:4+8</c>; a dash is zero.</summary>
    public override string ToString() =>
        string.Join(',', Runs().Select(run => run.From.Source < 0 ? $"-+{run.Count}" : $"{run.From.Source}:{run.From.Channel}+{run.Count}"));

    /// <summary>Channels that are neighbours in source and result, or zeros, as runs.</summary>
    internal List<ChannelRun> Runs()
    {
        var runs = new List<ChannelRun>();
        for (var k = 0; k < channels.Length; k++)
        {
            var c = channels[k];
            if (runs.Count > 0 && runs[^1] is var last && last.From.Source == c.Source && (c.Source < 0 || last.From.Channel + last.Count == c.Channel))
                runs[^1] = last with { Count = last.Count + 1 };
            else
                runs.Add(new ChannelRun(c, k, 1));
        }

        return runs;
    }
}

/// <summary>Channels that are neighbours both in a source and in the result.</summary>
internal readonly record struct ChannelRun(ChannelSource From, int To, int Count);
