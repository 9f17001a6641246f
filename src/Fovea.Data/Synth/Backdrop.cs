using System.Numerics;

namespace Fovea.Data.Synth;

/// <summary>What stands behind a sign: sky, houses, trees, road or a wall, out of focus. Lengths are parts of the picture's longer side.</summary>
internal static class Backdrop
{
    public static void Paint(Scene scene, Dice dice)
    {
        if (dice.Chance(0.22f))
        {
            Wall(scene, dice);
        }
        else
        {
            Sky(scene, dice);
            for (var houses = dice.Integer(4); houses > 0; houses--) House(scene, dice);
            if (dice.Chance(0.7f)) Trees(scene, dice);
            if (dice.Chance(0.4f)) Road(scene, dice);
        }

        for (var lights = dice.Integer(6); lights > 0; lights--) Disc(scene, dice);
        Lens.Defocus(scene, scene.Longer * dice.Between(0.001f, 0.02f));
    }

    private static void Sky(Scene scene, Dice dice)
    {
        var (zenith, horizon) = dice.Integer(4) switch
        {
            0 => (Tone.Rgb(70, 120, 190), Tone.Rgb(190, 210, 230)),
            1 => (Tone.Rgb(150, 160, 170), Tone.Rgb(215, 218, 220)),
            2 => (Tone.Rgb(90, 110, 150), Tone.Rgb(235, 190, 140)),
            _ => (Tone.Rgb(196, 204, 212), Tone.Rgb(240, 240, 238)),
        };
        (zenith, horizon) = (Tone.Near(zenith, dice, 0.12f), Tone.Near(horizon, dice, 0.12f));
        var clouds = new Lattice(dice);
        var (step, cover) = (1f / scene.Longer, dice.Between(0, 0.5f));
        for (var y = 0; y < scene.Height; y++)
        {
            var row = scene.Row(y);
            var clear = Tone.Mix(zenith, horizon, y / (float)scene.Height);
            for (var x = 0; x < row.Length; x++)
                row[x] = Tone.Mix(clear, Vector4.One, cover * Tone.Ramp(0.4f, 0.8f, clouds.At(x * step * 3, y * step * 5)));
        }
    }

    private static void House(Scene scene, Dice dice)
    {
        var wall = Tone.Near(Pick(dice, Tone.Rgb(178, 160, 140), Tone.Rgb(150, 92, 74), Tone.Rgb(208, 204, 194), Tone.Rgb(104, 108, 116)), dice, 0.2f);
        var glass = Tone.Near(Pick(dice, Tone.Rgb(50, 60, 72), Tone.Rgb(130, 150, 170), Tone.Rgb(232, 206, 140)), dice, 0.2f);
        var (step, left, top) = (1f / scene.Longer, dice.Between(-0.3f, 0.8f), dice.Between(-0.2f, 0.7f));
        var (width, cell, pane) = (dice.Between(0.2f, 0.8f), dice.Between(0.06f, 0.2f), dice.Between(0.3f, 0.75f));
        var grain = new Lattice(dice);
        for (var y = Math.Max(0, (int)(top * scene.Longer)); y < scene.Height; y++)
        {
            var row = scene.Row(y);
            var v = ((y * step) - top) / cell;
            for (var x = Math.Max(0, (int)(left * scene.Longer)); x < Math.Min(row.Length, (left + width) * scene.Longer); x++)
            {
                var u = ((x * step) - left) / (0.8f * cell);
                var isPane = u - MathF.Floor(u) < pane && v - MathF.Floor(v) < pane;
                row[x] = (isPane ? glass : wall) * (0.75f + (0.5f * grain.At(u * 3, v * 3)));
            }
        }
    }

    private static void Trees(Scene scene, Dice dice)
    {
        var (dark, light) = (Tone.Near(Tone.Rgb(34, 52, 26), dice, 0.25f), Tone.Near(Tone.Rgb(120, 150, 70), dice, 0.25f));
        if (dice.Chance(0.25f)) light = Tone.Near(Tone.Rgb(186, 130, 50), dice, 0.2f);
        var (crown, leaves) = (new Lattice(dice), new Lattice(dice));
        var (step, top, fine) = (1f / scene.Longer, dice.Between(-0.5f, 0.9f), dice.Between(8, 30));
        var slope = dice.Between(-0.6f, 0.6f);
        for (var y = 0; y < scene.Height; y++)
        {
            var row = scene.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                var (u, v) = (x * step, y * step);
                var depth = v - top - (slope * u);
                if (depth is > -0.4f and < 0.45f) depth += 0.7f * (crown.Cloud(u * 4, v * 4) - 0.5f);
                var inside = Tone.Ramp(-0.02f, 0.06f, depth);
                if (inside == 0) continue;
                var leaf = Tone.Mix(dark, light, Tone.Ramp(0.25f, 0.85f, leaves.Cloud(u * fine, v * fine)));
                row[x] = Tone.Mix(row[x], leaf, inside);
            }
        }
    }

    private static void Road(Scene scene, Dice dice)
    {
        var asphalt = Tone.Near(Pick(dice, Tone.Rgb(96, 96, 98), Tone.Rgb(128, 124, 118), Tone.Rgb(112, 134, 76)), dice, 0.2f);
        var (horizon, tilt) = (dice.Between(0.5f, 0.95f) * scene.Height, dice.Between(-0.15f, 0.15f));
        var (grain, step) = (new Lattice(dice), 40f / scene.Longer);
        for (var y = 0; y < scene.Height; y++)
        {
            var row = scene.Row(y);
            for (var x = 0; x < row.Length; x++)
                if (y + (tilt * x) > horizon) row[x] = asphalt * (0.7f + (0.6f * grain.At(x * step, y * step * 2)));
        }
    }

    private static void Wall(Scene scene, Dice dice)
    {
        var brick = Tone.Near(Pick(dice, Tone.Rgb(150, 78, 60), Tone.Rgb(178, 168, 150), Tone.Rgb(120, 120, 122), Tone.Rgb(206, 190, 150)), dice, 0.2f);
        var mortar = Tone.Near(Tone.Rgb(170, 164, 156), dice, 0.2f);
        var (course, joint) = (dice.Between(0.04f, 0.16f), dice.Chance(0.7f) ? dice.Between(0.06f, 0.14f) : 0);
        var (each, stain, step) = (new Lattice(dice), new Lattice(dice), 1f / scene.Longer);
        for (var y = 0; y < scene.Height; y++)
        {
            var row = scene.Row(y);
            var v = y * step / course;
            var layer = MathF.Floor(v);
            for (var x = 0; x < row.Length; x++)
            {
                var u = (x * step / (2.4f * course)) + (0.5f * layer);
                var stone = MathF.Floor(u);
                var isJoint = v - layer < joint || u - stone < 0.4f * joint;
                var shade = 0.6f + (0.4f * each.At(stone * 7, layer * 7)) + (0.5f * stain.Cloud(x * step * 6, y * step * 6));
                row[x] = (isJoint ? mortar : brick) * shade;
            }
        }
    }

    private static void Disc(Scene scene, Dice dice)
    {
        var color = Tone.Near(
            Pick(
                dice, Tone.Rgb(196, 30, 40), Tone.Rgb(24, 84, 170), Tone.Rgb(240, 180, 40), Tone.Rgb(235, 235, 230),
                Tone.Rgb(20, 110, 80), Tone.Rgb(30, 30, 34)),
            dice,
            0.25f);
        var (radius, soft) = (dice.Between(0.02f, 0.2f) * scene.Longer, dice.Between(0.7f, 0.97f));
        var (middleX, middleY) = (dice.Uniform() * scene.Width, dice.Uniform() * scene.Height);
        var (wide, opaque) = (dice.Between(0.6f, 1.6f), dice.Between(0.4f, 1));
        for (var y = Math.Max(0, (int)(middleY - radius)); y < Math.Min(scene.Height, middleY + radius); y++)
        {
            var row = scene.Row(y);
            for (var x = Math.Max(0, (int)(middleX - (radius * wide))); x < Math.Min(scene.Width, middleX + (radius * wide)); x++)
            {
                var (dx, dy) = ((x - middleX) / (radius * wide), (y - middleY) / radius);
                row[x] = Tone.Mix(row[x], color, opaque * (1 - Tone.Ramp(soft * soft, 1, (dx * dx) + (dy * dy))));
            }
        }
    }

    private static Vector4 Pick(Dice dice, params ReadOnlySpan<Vector4> colors) => colors[dice.Integer(colors.Length)];
}
