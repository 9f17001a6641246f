using System.Numerics;

namespace Fovea.Data.Synth;

/// <summary>The light on a scene: its strength, colour and direction, shadows that fall across it, haze before it, and headlights at night.</summary>
internal static class Daylight
{
    public static void Fall(Scene scene, Dice dice)
    {
        var isNight = dice.Chance(0.06f);
        var strength = isNight ? dice.Between(0.1f, 0.22f) : dice.Between(0.3f, 1.15f);
        var warmth = 0.16f * dice.Bell();
        var color = new Vector4(1 + warmth, 1 + (0.05f * dice.Bell()), 1 - warmth, 1) * strength;
        var (slopeX, slopeY) = (dice.Between(-0.5f, 0.5f), dice.Between(-0.4f, 0.4f));
        var haze = 0.3f * dice.Uniform() * dice.Uniform();
        var air = Tone.Rgb(200, 204, 208) * strength;
        for (var y = 0; y < scene.Height; y++)
        {
            var row = scene.Row(y);
            var v = (y / (float)scene.Height) - 0.5f;
            for (var x = 0; x < row.Length; x++)
            {
                var u = (x / (float)row.Length) - 0.5f;
                var spot = isNight ? 1 + (4 * (1 - Tone.Ramp(0, 0.3f, (u * u) + (v * v)))) : 1 + (slopeX * u) + (slopeY * v);
                row[x] = Tone.Mix(Vector4.MaxNative(Vector4.Zero, row[x] * color * spot), air, haze);
            }
        }

        if (!isNight && dice.Chance(0.25f)) Shadow(scene, dice);
        if (dice.Chance(0.08f)) Glare(scene, dice);
    }

    /// <summary>The shadow of an edge, such as a roof's, or of leaves.</summary>
    private static void Shadow(Scene scene, Dice dice)
    {
        var (leaves, isDappled) = (new Lattice(dice), dice.Chance(0.4f));
        var (dark, soft, step) = (dice.Between(0.3f, 0.65f), dice.Between(0.02f, 0.12f), 1f / scene.Longer);
        var (dx, dy, at) = (dice.Between(-1, 1), dice.Between(-1, 1), dice.Between(-0.3f, 0.3f));
        for (var y = 0; y < scene.Height; y++)
        {
            var row = scene.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                var (u, v) = (x * step, y * step);
                var side = isDappled ? leaves.Cloud(u * 6, v * 6) - 0.5f : (dx * (u - 0.5f)) + (dy * (v - 0.5f)) - at;
                row[x] *= 1 - ((1 - dark) * Tone.Ramp(-soft, soft, side));
            }
        }
    }

    private static void Glare(Scene scene, Dice dice)
    {
        var (middleX, middleY) = (dice.Uniform() * scene.Width, dice.Uniform() * scene.Height);
        var (radius, light) = (dice.Between(0.15f, 0.5f) * scene.Longer, dice.Between(0.2f, 0.8f));
        for (var y = 0; y < scene.Height; y++)
        {
            var row = scene.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                var (dx, dy) = ((x - middleX) / radius, (y - middleY) / radius);
                row[x] += Vector4.One * (light * (1 - Tone.Ramp(0, 1, (dx * dx) + (dy * dy))));
            }
        }
    }
}
