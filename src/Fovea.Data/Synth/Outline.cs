namespace Fovea.Data.Synth;

/// <summary>The form of a sign's plate in a plane where the plate's radius is about 1 and y points down.</summary>
internal sealed class Outline
{
    /// <summary>No plate reaches further from its middle than this, along either axis.</summary>
    public const float Reach = 1.3f;

    public static readonly Outline Circle = new("circle", (x, y) => MathF.Sqrt((x * x) + (y * y)) - 1, glyphY: 0, glyphSize: 0.54f);
    public static readonly Outline Octagon = new("octagon", Polygon.Regular(8, 0.99f, 0.05f, flat: true).Distance, glyphY: 0, glyphSize: 0.56f);
    public static readonly Outline Triangle = new(
        "triangle", new Polygon(0.12f, 0, -0.96f, 1, 0.76f, -1, 0.76f).Distance, glyphY: 0.27f, glyphSize: 0.45f);
    public static readonly Outline FallingTriangle = new(
        "triangle", new Polygon(0.12f, 0, 0.96f, -1, -0.76f, 1, -0.76f).Distance, glyphY: -0.27f, glyphSize: 0.45f);
    public static readonly Outline Diamond = new("diamond", Polygon.Regular(4, 1.06f, 0.10f).Distance, glyphY: 0, glyphSize: 0.52f);
    public static readonly Outline Square = new("square", Polygon.Regular(4, 1.10f, 0.12f, flat: true).Distance, glyphY: 0, glyphSize: 0.60f);
    public static readonly Outline Pentagon = new(
        "pentagon", new Polygon(0.08f, 0, -0.98f, 0.86f, -0.28f, 0.86f, 0.86f, -0.86f, 0.86f, -0.86f, -0.28f).Distance, glyphY: 0.14f, glyphSize: 0.52f);

    private readonly DistanceField _edge;

    private Outline(string name, Func<float, float, float> distance, float glyphY, float glyphSize)
    {
        (Name, GlyphY, GlyphSize) = (name, glyphY, glyphSize);
        _edge = new(Reach, distance);
    }

    /// <summary>As it stands in class names.</summary>
    public string Name { get; }

    /// <summary>Where the middle of the glyph lies.</summary>
    public float GlyphY { get; }

    /// <summary>Half the side of the square that a glyph fills.</summary>
    public float GlyphSize { get; }

    /// <summary>The signed distance to the plate's edge, negative inside.</summary>
    public float Distance(float x, float y) => _edge.At(x, y);
}
