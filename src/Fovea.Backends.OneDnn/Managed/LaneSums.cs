using System.Runtime.Intrinsics;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Joins what columns give per lane into what channels have, in double.</summary>
internal sealed unsafe class LaneSums(ChannelColumns columns)
{
    private const int Lanes = ChannelColumns.Lanes;

    private readonly double[] _lanes = GC.AllocateArray<double>(columns.Groups * Lanes, pinned: true);
    private readonly double[] _channels = new double[columns.Groups * columns.Period];

    /// <summary>Σ over columns of rows·sₗ, or of sₗ, by channel.</summary>
    internal ReadOnlySpan<double> Totals(float* sums, bool perRow)
    {
        Array.Clear(_lanes);
        fixed (double* lanes = _lanes)
            for (var c = 0; c < columns.Count; c++)
            {
                ref var column = ref columns.Columns[c];
                var s = sums + ((long)c * 2 * Lanes);
                var to = lanes + (column.Group * Lanes);
                double weight = perRow ? column.Rows : 1;
                if (column.Lanes < Lanes)
                {
                    for (var l = 0; l < column.Lanes; l++) to[l] += s[l] * weight;
                    continue;
                }

                var (low, high) = Vector512.Widen(Vector512.Load(s));
                (Vector512.Load(to) + (low * weight)).Store(to);
                (Vector512.Load(to + (Lanes / 2)) + (high * weight)).Store(to + (Lanes / 2));
            }

        return ByChannel();
    }

    /// <summary>Σ over columns of squared deviations from the mean of all, from those around each column's own mean (Chan et al. 1979).</summary>
    /// <param name="sums">Per column, sixteen means and sixteen sums of squares around them.</param>
    /// <param name="means">The mean of each lane's channel, for every group.</param>
    internal ReadOnlySpan<double> Squares(float* sums, double* means)
    {
        Array.Clear(_lanes);
        fixed (double* lanes = _lanes)
            for (var c = 0; c < columns.Count; c++)
            {
                ref var column = ref columns.Columns[c];
                var s = sums + ((long)c * 2 * Lanes);
                var to = lanes + (column.Group * Lanes);
                var mean = means + (column.Group * Lanes);
                double rows = column.Rows;
                if (column.Lanes < Lanes)
                {
                    for (var l = 0; l < column.Lanes; l++) to[l] += s[Lanes + l] + ((s[l] - mean[l]) * (s[l] - mean[l]) * rows);
                    continue;
                }

                var (low, high) = Vector512.Widen(Vector512.Load(s));
                var (lowSquares, highSquares) = Vector512.Widen(Vector512.Load(s + Lanes));
                (low, high) = (low - Vector512.Load(mean), high - Vector512.Load(mean + (Lanes / 2)));
                (Vector512.Load(to) + lowSquares + (low * low * rows)).Store(to);
                (Vector512.Load(to + (Lanes / 2)) + highSquares + (high * high * rows)).Store(to + (Lanes / 2));
            }

        return ByChannel();
    }

    private ReadOnlySpan<double> ByChannel()
    {
        Array.Clear(_channels);
        var channelOf = columns.ChannelOf;
        for (var lane = 0; lane < channelOf.Length; lane++) _channels[channelOf[lane]] += _lanes[lane];
        return _channels.AsSpan(0, columns.Channels);
    }
}
