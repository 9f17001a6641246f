namespace Fovea.Data.Augment.Pixels;

/// <summary>Brightness by ITU-R BT.601 in fixed point: Pillow's <c>convert("L")</c>.</summary>
internal static class Luma
{
    public static byte Of(byte red, byte green, byte blue) => (byte)(((19_595 * red) + (38_470 * green) + (7_471 * blue) + 0x8000) >> 16);
}
