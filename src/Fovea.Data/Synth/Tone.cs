using System.Numerics;

namespace Fovea.Data.Synth;

/// <summary>Colours as amounts of light, and how they mix.</summary>
/// <remarks>
/// Light is the square of the stored value, a gamma of exactly 2: squares and square roots are exact IEEE operations, powers are not.
/// Only + − × ÷, minimum, maximum and square root are used on vectors, since the others may fuse a multiply-add on some machines.
/// «Native» operations differ between machines for NaN, numbers out of range and the sign of zero alone, none of which reaches a pixel.
/// </remarks>
internal static class Tone
{
    /// <summary>The light of a colour given as stored bytes.</summary>
    public static Vector4 Rgb(int red, int green, int blue)
    {
        var stored = new Vector4(red, green, blue, 0) * (1 / 255f);
        return stored * stored;
    }

    public static Vector4 Mix(Vector4 from, Vector4 to, float share) => from + ((to - from) * share);

    /// <summary>A colour near <paramref name="color"/>: brighter or darker, and each channel by a little.</summary>
    public static Vector4 Near(Vector4 color, Dice dice, float spread)
    {
        var brightness = 1 + (spread * dice.Bell());
        var tint = new Vector4(dice.Bell(), dice.Bell(), dice.Bell(), 0) * (0.4f * spread);
        return Vector4.MaxNative(Vector4.Zero, color * ((Vector4.One * brightness) + tint));
    }

    public static float Clamp01(float x) => float.MinNative(1, float.MaxNative(0, x));

    /// <summary>From 0 at <paramref name="low"/> smoothly to 1 at <paramref name="high"/>.</summary>
    public static float Ramp(float low, float high, float x)
    {
        var t = Clamp01((x - low) / (high - low));
        return t * t * (3 - (2 * t));
    }
}
