namespace Fovea.Data.Decoding;

/// <summary>Turns a stored picture upright by its EXIF orientation.</summary>
internal static class Orientation
{
    /// <summary>Writes <paramref name="source"/> upright into <paramref name="target"/>.</summary>
    /// <param name="source">The picture as stored.</param>
    /// <param name="target">Another image.</param>
    /// <param name="orientation">2 mirrored, 3 turned by 180°, 4 flipped, 5 transposed, 6 needs 90° clockwise, 7 transversed, 8 needs 90° back.</param>
    public static unsafe void Apply(RgbImage source, RgbImage target, int orientation)
    {
        var (w, h) = (source.Width, source.Height);
        var swaps = orientation >= 5;
        target.Reshape(swaps ? h : w, swaps ? w : h);

        // Bytes from a pixel of the target to its right and to its lower neighbour, in the source.
        var (dx, dy) = (3L, 3L * w);
        var (right, down) = orientation switch
        {
            2 => (-dx, dy),
            3 => (-dx, -dy),
            4 => (dx, -dy),
            5 => (dy, dx),
            6 => (-dy, dx),
            7 => (-dy, -dx),
            8 => (dy, -dx),
            _ => (dx, dy),
        };
        var start = orientation switch
        {
            2 => dx * (w - 1),
            3 or 7 => (dx * (w - 1)) + (dy * (h - 1)),
            4 or 6 => dy * (h - 1),
            8 => dx * (w - 1),
            _ => 0,
        };
        fixed (byte* from = source.Buffer)
        fixed (byte* to = target.Buffer)
        {
            var write = to;
            for (var y = 0; y < target.Height; y++)
            {
                var read = from + start + (y * down);
                for (var x = 0; x < target.Width; x++, read += right, write += 3) (write[0], write[1], write[2]) = (read[0], read[1], read[2]);
            }
        }
    }
}
