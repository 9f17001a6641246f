using System.Numerics;

namespace Fovea.Data.Synth;

/// <summary>What hides parts of a sign: leaves, twigs, stickers. Lengths are parts of the sign's radius.</summary>
internal sealed class Clutter(Scene scene, float centerX, float centerY, float radius)
{
    public void Paint(Dice dice)
    {
        if (dice.Chance(0.22f)) Leaves(dice);
        if (dice.Chance(0.15f)) Twigs(dice);
        if (dice.Chance(0.18f)) Stickers(dice);
    }

    /// <summary>A cluster that reaches over the plate's edge.</summary>
    private void Leaves(Dice dice)
    {
        var color = Tone.Near(dice.Chance(0.8f) ? Tone.Rgb(84, 116, 48) : Tone.Rgb(170, 116, 40), dice, 0.25f);
        var angle = dice.Between(0, 6.28f);
        var (middleX, middleY) = (1.0f * (float)ExactMath.Cos(angle), 1.0f * (float)ExactMath.Sin(angle));
        for (var leaves = 6 + dice.Integer(16); leaves > 0; leaves--)
        {
            var (x, y) = (middleX + (0.28f * dice.Bell()), middleY + (0.28f * dice.Bell()));
            var (dx, dy) = (dice.Between(-0.16f, 0.16f), dice.Between(-0.16f, 0.16f));
            Line(new(x, y, x + dx, y + dy, dice.Between(0.04f, 0.1f)), Tone.Near(color, dice, 0.3f));
        }
    }

    private void Twigs(Dice dice)
    {
        var color = Tone.Near(Tone.Rgb(58, 48, 40), dice, 0.3f);
        for (var twigs = 1 + dice.Integer(3); twigs > 0; twigs--)
        {
            var (x, y) = (dice.Between(-1.5f, 1.5f), dice.Between(-1.5f, 1.5f));
            var (dx, dy) = (dice.Between(-2, 2), dice.Between(-2, 2));
            Line(new(x - dx, y - dy, x + dx, y + dy, dice.Between(0.02f, 0.05f)), color);
        }
    }

    private void Stickers(Dice dice)
    {
        for (var stickers = 1 + dice.Integer(3); stickers > 0; stickers--)
        {
            var color = Tone.Near(Tone.Rgb(dice.Integer(256), dice.Integer(256), dice.Integer(256)), dice, 0.1f);
            var (x, y) = (dice.Between(-0.8f, 0.8f), dice.Between(-0.8f, 0.8f));
            Line(new(x, y, x + dice.Between(-0.15f, 0.15f), y + dice.Between(-0.1f, 0.1f), dice.Between(0.05f, 0.13f)), color);
        }
    }

    private void Line(in Stroke stroke, Vector4 color)
    {
        var (left, right) = (MathF.Min(stroke.X0, stroke.X1) - stroke.HalfWidth, MathF.Max(stroke.X0, stroke.X1) + stroke.HalfWidth);
        var (top, bottom) = (MathF.Min(stroke.Y0, stroke.Y1) - stroke.HalfWidth, MathF.Max(stroke.Y0, stroke.Y1) + stroke.HalfWidth);
        var firstX = Math.Max(0, (int)(centerX + (left * radius)) - 1);
        var lastX = Math.Min(scene.Width - 1, (int)(centerX + (right * radius)) + 1);
        var lastY = Math.Min(scene.Height - 1, (int)(centerY + (bottom * radius)) + 1);
        for (var y = Math.Max(0, (int)(centerY + (top * radius)) - 1); y <= lastY; y++)
        {
            var row = scene.Row(y);
            for (var x = firstX; x <= lastX; x++)
            {
                var distance = stroke.Distance((x + 0.5f - centerX) / radius, (y + 0.5f - centerY) / radius);
                row[x] = Tone.Mix(row[x], color, Tone.Clamp01(0.5f - (distance * radius)));
            }
        }
    }
}
