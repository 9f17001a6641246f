namespace Fovea.Data.Synth;

/// <summary>A line of some half-width from one point to another, with round ends; a disc if the two are one.</summary>
/// <remarks>If <paramref name="Hollow"/> is not 0, the figure is the outline alone, drawn with that half-width.</remarks>
internal readonly record struct Stroke(float X0, float Y0, float X1, float Y1, float HalfWidth, float Hollow = 0)
{
    public float Distance(float x, float y)
    {
        var (dx, dy) = (X1 - X0, Y1 - Y0);
        var (px, py) = (x - X0, y - Y0);
        var length = (dx * dx) + (dy * dy);
        var along = length == 0 ? 0 : Tone.Clamp01(((px * dx) + (py * dy)) / length);
        var (ex, ey) = (px - (along * dx), py - (along * dy));
        var distance = MathF.Sqrt((ex * ex) + (ey * ey)) - HalfWidth;
        return Hollow == 0 ? distance : MathF.Abs(distance) - Hollow;
    }
}
