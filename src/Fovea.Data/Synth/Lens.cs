using System.Numerics;

namespace Fovea.Data.Synth;

/// <summary>What blurs a picture: a lens out of focus, and a camera that moves.</summary>
internal static class Lens
{
    /// <summary>Blurs with nearly a Gaussian of this standard deviation in pixels: two box filters each way. Below a quarter pixel it does nothing.</summary>
    public static void Defocus(Scene scene, float deviation)
    {
        if (deviation < 0.25f) return;
        // Two boxes of width w have the variance 2 (w² − 1) / 12.
        var reach = (MathF.Sqrt((6 * deviation * deviation) + 1) - 1) / 2;
        for (var pass = 0; pass < 2; pass++)
        {
            for (var y = 0; y < scene.Height; y++) BoxAcross(scene.Row(y), scene.SpareRow(y), reach);
            scene.Swap();
            BoxDown(scene, reach);
            scene.Swap();
        }
    }

    /// <summary>Fills <paramref name="scene"/> with a smaller picture of the same scene, interpolated between its pixels.</summary>
    public static void Enlarge(Scene small, Scene scene)
    {
        var (scaleX, scaleY) = (small.Width / (float)scene.Width, small.Height / (float)scene.Height);
        for (var y = 0; y < scene.Height; y++)
        {
            var v = Math.Clamp(((y + 0.5f) * scaleY) - 0.5f, 0, small.Height - 1);
            var top = Math.Min((int)v, small.Height - 2);
            var upper = small.Row(top);
            var lower = small.Row(top + 1);
            var row = scene.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                var u = Math.Clamp(((x + 0.5f) * scaleX) - 0.5f, 0, small.Width - 1);
                var left = Math.Min((int)u, small.Width - 2);
                row[x] = Tone.Mix(Tone.Mix(upper[left], upper[left + 1], u - left), Tone.Mix(lower[left], lower[left + 1], u - left), v - top);
            }
        }
    }

    /// <summary>Smears along a straight path of (<paramref name="dx"/>, <paramref name="dy"/>) pixels.</summary>
    public static void Move(Scene scene, float dx, float dy)
    {
        var steps = 1 + (int)MathF.Max(MathF.Abs(dx), MathF.Abs(dy));
        if (steps == 1) return;
        var (width, height) = (scene.Width, scene.Height);
        var source = scene.Pixels;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var sum = Vector4.Zero;
                for (var i = 0; i <= steps; i++)
                {
                    var along = (i / (float)steps) - 0.5f;
                    var (u, v) = (x + (int)MathF.Floor((along * dx) + 0.5f), y + (int)MathF.Floor((along * dy) + 0.5f));
                    sum += source[(Math.Clamp(v, 0, height - 1) * width) + Math.Clamp(u, 0, width - 1)];
                }

                scene.Spare[(y * width) + x] = sum * (1f / (steps + 1));
            }
        }

        scene.Swap();
    }

    // Both boxes: the mean over 2 · reach + 1 neighbours; the outermost count by the fraction of reach, and the ends of the line repeat.
    private static void BoxAcross(ReadOnlySpan<Vector4> from, Span<Vector4> to, float reach)
    {
        var (whole, last, scale) = ((int)reach, from.Length - 1, 1 / ((2 * reach) + 1));
        var part = reach - whole;
        var sum = from[0] * whole;
        for (var i = 0; i <= whole; i++) sum += from[Math.Min(i, last)];
        for (var i = 0; i < from.Length; i++)
        {
            var (before, after) = (from[Math.Max(i - whole - 1, 0)], from[Math.Min(i + whole + 1, last)]);
            to[i] = (sum + ((before + after) * part)) * scale;
            sum += after - from[Math.Max(i - whole, 0)];
        }
    }

    private static void BoxDown(Scene scene, float reach)
    {
        var (whole, last, scale) = ((int)reach, scene.Height - 1, 1 / ((2 * reach) + 1));
        var part = reach - whole;
        var sums = scene.Sums;
        for (var x = 0; x < sums.Length; x++) sums[x] = scene.Row(0)[x] * whole;
        for (var i = 0; i <= whole; i++)
        {
            var row = scene.Row(Math.Min(i, last));
            for (var x = 0; x < sums.Length; x++) sums[x] += row[x];
        }

        for (var y = 0; y <= last; y++)
        {
            var before = scene.Row(Math.Max(y - whole - 1, 0));
            var after = scene.Row(Math.Min(y + whole + 1, last));
            var leaving = scene.Row(Math.Max(y - whole, 0));
            var to = scene.SpareRow(y);
            for (var x = 0; x < to.Length; x++)
            {
                to[x] = (sums[x] + ((before[x] + after[x]) * part)) * scale;
                sums[x] += after[x] - leaving[x];
            }
        }
    }
}
