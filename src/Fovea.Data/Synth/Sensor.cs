using System.Numerics;
using Fovea.Tensors;

namespace Fovea.Data.Synth;

/// <summary>Turns light into bytes as a camera does: gamma, contrast, grain.</summary>
internal static class Sensor
{
    /// <summary>Fills <paramref name="rgb"/> with three bytes per pixel, row by row; four pixels' grain is one block of <paramref name="grain"/>.</summary>
    public static void Expose(Scene scene, Dice dice, Philox grain, Span<byte> rgb)
    {
        var (gain, lift) = (dice.Between(0.85f, 1.12f) * 255, dice.Between(-8, 14));
        var amount = dice.Uniform();
        // A byte has the deviation 73.9, a sum of two 104.5.
        var (luma, chroma) = (9 * amount * amount / 104.5f, 6 * amount * amount / 73.9f);
        var pixels = scene.Pixels;
        Span<uint> bits = stackalloc uint[4];
        for (var i = 0; i < pixels.Length; i++)
        {
            if ((i & 3) == 0) (bits[0], bits[1], bits[2], bits[3]) = grain.Block((ulong)i >> 2);
            var offset = (Vector4.One * ((luma * Brightness(bits[i & 3])) + lift + 0.5f)) + (chroma * Tint(bits[i & 3]));
            var value = (Vector4.SquareRoot(Vector4.MaxNative(pixels[i], Vector4.Zero)) * gain) + offset;
            value = Vector4.MinNative(Vector4.MaxNative(value, Vector4.Zero), Vector4.One * 255);
            var stored = rgb.Slice(3 * i, 3);
            (stored[0], stored[1], stored[2]) = ((byte)(int)value.X, (byte)(int)value.Y, (byte)(int)value.Z);
        }
    }

    /// <summary>Around zero, in the form of a triangle: the sum of the two lowest bytes.</summary>
    private static int Brightness(uint bits) => (int)((bits & 255) + ((bits >> 8) & 255)) - 255;

    /// <summary>The two highest bytes around zero, for red and blue; what they add, green loses by half.</summary>
    private static Vector4 Tint(uint bits)
    {
        var (red, blue) = ((int)((bits >> 16) & 255) - 127.5f, (int)(bits >> 24) - 127.5f);
        return new(red, -0.5f * (red + blue), blue, 0);
    }
}
