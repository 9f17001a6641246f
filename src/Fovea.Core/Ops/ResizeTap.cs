namespace Fovea.Ops;

/// <summary>Where one position of a resized line comes from: (1 − weight)·x[first] + weight·x[second].</summary>
/// <param name="First">The first position.</param>
/// <param name="Second">The second position.</param>
/// <param name="Weight">The weight of the second, 0 to below 1.</param>
public readonly record struct ResizeTap(int First, int Second, double Weight)
{
    /// <summary>The sources of every position of a line.</summary>
    /// <param name="from">The number of positions before, from 1.</param>
    /// <param name="to">The number of positions after, from 1.</param>
    /// <param name="mode">As for <see cref="Resize"/>.</param>
    /// <param name="alignCorners">As for <see cref="Resize"/>.</param>
    public static ResizeTap[] Line(int from, int to, ResizeMode mode, bool alignCorners)
    {
        var taps = new ResizeTap[to];
        for (var i = 0; i < to; i++)
        {
            if (mode == ResizeMode.Nearest)
            {
                var nearest = (int)((long)i * from / to);
                taps[i] = new(nearest, nearest, 0);
                continue;
            }

            var position = alignCorners
                ? (to > 1 ? (double)i * (from - 1) / (to - 1) : 0)
                : Math.Max(0, ((i + 0.5) * from / to) - 0.5);
            var first = Math.Min((int)position, from - 1);
            taps[i] = new(first, Math.Min(first + 1, from - 1), position - first);
        }

        return taps;
    }
}
