using System.Runtime.Intrinsics;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>Joins the numbers of a block into partial results in double; only the rows of a block are joined in float32.</summary>
internal static unsafe class MapSums
{
    /// <summary>Adds a block of rows × lanes, of which the first <paramref name="valid"/> lanes count, to a chunk's partial results.</summary>
    internal static void Add(in MapWork work, in MapChunk chunk, float* block, int row, int lane, int rows, int lanes, int valid)
    {
        var to = work.Partials + chunk.Partial;
        switch (work.Sink)
        {
            case MapSinkKind.Lanes: Columns(work.IsMax, block, to + (lane - chunk.FirstLane), rows, lanes); break;
            case MapSinkKind.Rows:
                for (var r = 0; r < rows; r++) Join(work.IsMax, ref to[row - chunk.FirstRow + r], Row(work.IsMax, block + ((long)r * lanes), valid));
                break;
            case MapSinkKind.One:
                if (valid == lanes) Join(work.IsMax, ref to[0], Row(work.IsMax, block, rows * lanes));
                else
                    for (var r = 0; r < rows; r++) Join(work.IsMax, ref to[0], Row(work.IsMax, block + ((long)r * lanes), valid));
                break;
            default:
                for (var r = 0; r < rows; r++)
                    for (var l = 0; l < valid; l++)
                        Join(work.IsMax, ref to[((long)(row - chunk.FirstRow + r) * chunk.Lanes) + lane - chunk.FirstLane + l], block[((long)r * lanes) + l]);
                break;
        }
    }

    internal static void Join(bool isMax, ref double sum, double x) => sum = isMax ? Math.Max(sum, x) : sum + x;

    private static void Columns(bool isMax, float* block, double* to, int rows, int lanes)
    {
        if (lanes is 8 or 4)
        {
            Narrow(isMax, block, to, rows, lanes);
            return;
        }

        var l = 0;
        for (; l + 16 <= lanes; l += 16)
        {
            var sum = Vector512.Load(block + l);
            for (var r = 1; r < rows; r++)
            {
                var x = Vector512.Load(block + ((long)r * lanes) + l);
                sum = isMax ? Vector512.Max(sum, x) : sum + x;
            }

            var (low, high) = Vector512.Widen(sum);
            var (a, b) = (Vector512.Load(to + l), Vector512.Load(to + l + 8));
            (isMax ? Vector512.Max(a, low) : a + low).Store(to + l);
            (isMax ? Vector512.Max(b, high) : b + high).Store(to + l + 8);
        }

        for (; l < lanes; l++)
            for (var r = 0; r < rows; r++) Join(isMax, ref to[l], block[((long)r * lanes) + l]);
    }

    /// <summary>Rows of eight or four lanes, several to a vector.</summary>
    private static void Narrow(bool isMax, float* block, double* to, int rows, int lanes)
    {
        var (n, i) = (rows * lanes, 0);
        if (n >= 16)
        {
            var sum = Vector512.Load(block);
            for (i = 16; i + 16 <= n; i += 16) sum = isMax ? Vector512.Max(sum, Vector512.Load(block + i)) : sum + Vector512.Load(block + i);
            for (var l = 0; l < 16; l++) Join(isMax, ref to[l % lanes], sum[l]);
        }

        for (; i < n; i++) Join(isMax, ref to[i % lanes], block[i]);
    }

    private static double Row(bool isMax, float* x, int n) => isMax ? VectorMath.Most(new ReadOnlySpan<float>(x, n)) : Sum(x, n);

    private static double Sum(float* x, int n)
    {
        var (i, lanes) = (0, Vector512<double>.Zero);
        for (; i + 16 <= n; i += 16)
        {
            var (low, high) = Vector512.Widen(Vector512.Load(x + i));
            lanes += low + high;
        }

        var total = Vector512.Sum(lanes);
        for (; i < n; i++) total += x[i];
        return total;
    }
}
