using System.Numerics;
using System.Runtime.InteropServices;

namespace Fovea.Data.Augment;

/// <summary>λ·a + (1 − λ)·b, with one λ for all pixels or one for each.</summary>
/// <param name="share">λ, or the mean of the λ of all pixels.</param>
/// <param name="mask">λ of each pixel, [H, W]; null for one λ.</param>
internal sealed class WeightedBlend(double share, float[]? mask = null) : Blend
{
    public override IReadOnlyList<double> Shares { get; } = [share, 1 - share];

    public override void Mix(BlendedRow row)
    {
        var plane = row.Width * row.Height;
        for (var c = 0; c < row.Channels; c++)
        {
            var a = row.Image(0).Slice(c * plane, plane);
            var b = row.Image(1).Slice(c * plane, plane);
            var y = row.Target.Slice(c * plane, plane);
            if (mask is null) Evenly(a, b, y);
            else
                for (var i = 0; i < plane; i++) y[i] = b[i] + (mask[i] * (a[i] - b[i]));
        }
    }

    private void Evenly(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        var (first, second) = ((float)share, (float)(1 - share));
        var va = MemoryMarshal.Cast<float, Vector<float>>(a);
        var vb = MemoryMarshal.Cast<float, Vector<float>>(b);
        var vy = MemoryMarshal.Cast<float, Vector<float>>(y);
        for (var i = 0; i < vy.Length; i++) vy[i] = (va[i] * first) + (vb[i] * second);
        for (var i = vy.Length * Vector<float>.Count; i < y.Length; i++) y[i] = (a[i] * first) + (b[i] * second);
    }
}
