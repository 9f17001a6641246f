namespace Fovea.Data.Augment.Pixels;

/// <summary>What lies outside of an image that is mirrored at its outermost pixels.</summary>
internal static class Reflection
{
    /// <summary>The place within a length that a place outside shows.</summary>
    public static int At(int at, int length)
    {
        if (length == 1) return 0;
        var period = 2 * (length - 1);
        at = Math.Abs(at) % period;
        return at < length ? at : period - at;
    }
}
