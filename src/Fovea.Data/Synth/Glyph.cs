namespace Fovea.Data.Synth;

/// <summary>The figure on a sign, drawn in the square from −1 to 1 with y down: strokes with round ends, rings and polygons.</summary>
/// <remarks>No glyph is another's mirror image, so that training may flip pictures.</remarks>
internal sealed class Glyph(string name, Stroke[] strokes, Polygon[] polygons)
{
    private const float Reach = 1.2f;

    public static readonly Glyph[] All =
    [
        new("bar", [], [new(0.05f, -0.85f, -0.22f, 0.85f, -0.22f, 0.85f, 0.22f, -0.85f, 0.22f)]),
        new("arrow", [new(0, 0.8f, 0, -0.1f, 0.19f)], [new(0.04f, 0, -0.95f, 0.68f, -0.1f, -0.68f, -0.1f)]),
        new("dot", [new(0, 0, 0, 0, 0.58f)], []),
        new("cross", [new(-0.62f, -0.62f, 0.62f, 0.62f, 0.17f), new(-0.62f, 0.62f, 0.62f, -0.62f, 0.17f)], []),
        new("walker", [new(0.02f, -0.78f, 0.02f, -0.78f, 0.2f), new(0, -0.35f, 0, 0.15f, 0.2f), new(0, 0.2f, -0.36f, 0.88f, 0.12f),
            new(0, 0.2f, 0.36f, 0.88f, 0.12f), new(0, -0.42f, -0.52f, 0.08f, 0.1f), new(0, -0.42f, 0.52f, 0.08f, 0.1f)], []),
        new("fork", [new(0, 0.82f, 0, 0.1f, 0.17f), new(0, 0.1f, -0.6f, -0.72f, 0.17f), new(0, 0.1f, 0.6f, -0.72f, 0.17f)], []),
        new("ring", [new(0, 0, 0, 0, 0.62f, Hollow: 0.17f)], []),
        new("tree", [new(0, 0.4f, 0, 0.88f, 0.12f)], [new(0.04f, 0, -0.95f, 0.5f, -0.2f, -0.5f, -0.2f), new(0.04f, 0, -0.5f, 0.68f, 0.45f, -0.68f, 0.45f)]),
        new("bolt", [], [new(0.03f, 0.28f, -0.95f, -0.5f, 0.16f, -0.04f, 0.16f, -0.28f, 0.95f, 0.52f, -0.2f, 0.06f, -0.2f)]),
        new("house", [], [new(0.04f, 0, -0.85f, 0.85f, -0.05f, 0.58f, -0.05f, 0.58f, 0.8f, 0.2f, 0.8f, 0.2f, 0.25f, -0.2f, 0.25f, -0.2f, 0.8f,
            -0.58f, 0.8f, -0.58f, -0.05f, -0.85f, -0.05f)]),
        new("wave", [new(-0.8f, 0, -0.4f, -0.35f, 0.12f), new(-0.4f, -0.35f, 0, 0, 0.12f), new(0, 0, 0.4f, -0.35f, 0.12f), new(0.4f, -0.35f, 0.8f, 0, 0.12f),
            new(-0.8f, 0.55f, -0.4f, 0.2f, 0.12f), new(-0.4f, 0.2f, 0, 0.55f, 0.12f), new(0, 0.55f, 0.4f, 0.2f, 0.12f),
            new(0.4f, 0.2f, 0.8f, 0.55f, 0.12f)], []),
        new("crown", [], [new(0.05f, -0.8f, -0.55f, -0.4f, -0.05f, 0, -0.75f, 0.4f, -0.05f, 0.8f, -0.55f, 0.66f, 0.65f, -0.66f, 0.65f)]),
    ];

    private readonly DistanceField _edge = new(Reach, (x, y) => Distance(strokes, polygons, x, y));

    /// <summary>As it stands in class names.</summary>
    public string Name { get; } = name;

    /// <summary>The signed distance to the figure's edge, negative inside.</summary>
    public float Distance(float x, float y) => MathF.Abs(x) < Reach && MathF.Abs(y) < Reach ? _edge.At(x, y) : Reach;

    private static float Distance(Stroke[] strokes, Polygon[] polygons, float x, float y)
    {
        var distance = float.MaxValue;
        foreach (ref readonly var stroke in strokes.AsSpan()) distance = MathF.Min(distance, stroke.Distance(x, y));
        foreach (var polygon in polygons) distance = MathF.Min(distance, polygon.Distance(x, y));
        return distance;
    }
}
