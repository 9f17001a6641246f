using System.Numerics;

namespace Fovea.Data.Synth;

/// <summary>What makes a class: a plate's form, its colours, and the figure on it. Each of the three also stands in other classes.</summary>
/// <remarks>The role, which goes with form and colours, is the first word of the name.</remarks>
internal sealed record SignClass(string Role, Outline Outline, Livery Livery, Glyph Glyph)
{
    private static readonly (string Role, Outline Outline, Livery Livery)[] s_families =
    [
        ("stop", Outline.Octagon, Livery.Red),
        ("ban", Outline.Circle, Livery.RedEdge),
        ("duty", Outline.Circle, Livery.Blue),
        ("yield", Outline.FallingTriangle, Livery.RedEdge),
        ("danger", Outline.Triangle, Livery.RedEdge),
        ("info", Outline.Square, Livery.Blue),
        ("works", Outline.Diamond, Livery.Amber),
        ("exit", Outline.Pentagon, Livery.Green),
    ];

    /// <summary>The number of classes there are.</summary>
    public static int Count => s_families.Length * Glyph.All.Length;

    /// <summary>As a folder is named, such as <c>stop-octagon-bar</c>.</summary>
    public string Name => $"{Role}-{Outline.Name}-{Glyph.Name}";

    /// <summary>The class at <paramref name="index"/>: three glyphs of the first family, three of the next, and so on; then three more of each.</summary>
    /// <remarks>The first 24 classes use each of the first eight glyphs three times, so that neither colour nor figure tells a class.</remarks>
    public static SignClass At(int index)
    {
        var family = index / 3 % s_families.Length;
        var turn = (index / (3 * s_families.Length) * 3) + (index % 3);
        var glyph = turn < 8 ? (family + (3 * turn)) % 8 : 8 + ((family + turn) % 4);
        var (role, outline, livery) = s_families[family];
        return new(role, outline, livery, Glyph.All[glyph]);
    }
}

/// <summary>A sign's colours, as light, from its edge inwards (rim, band, field) and of its figure; widths in parts of its radius.</summary>
internal sealed record Livery(Vector4 Rim, float RimWidth, Vector4 Band, float BandWidth, Vector4 Field, Vector4 Figure)
{
    private static readonly Vector4 s_white = Tone.Rgb(236, 236, 230);
    private static readonly Vector4 s_black = Tone.Rgb(26, 26, 28);
    private static readonly Vector4 s_red = Tone.Rgb(190, 24, 34);
    private static readonly Vector4 s_blue = Tone.Rgb(14, 78, 160);
    private static readonly Vector4 s_green = Tone.Rgb(10, 110, 72);
    private static readonly Vector4 s_amber = Tone.Rgb(246, 176, 24);

    public static readonly Livery Red = new(s_red, 0.05f, s_white, 0.07f, s_red, s_white);
    public static readonly Livery RedEdge = new(s_white, 0.03f, s_red, 0.15f, s_white, s_black);
    public static readonly Livery Blue = new(s_blue, 0.05f, s_white, 0.06f, s_blue, s_white);
    public static readonly Livery Green = new(s_green, 0.05f, s_white, 0.06f, s_green, s_white);
    public static readonly Livery Amber = new(s_amber, 0.05f, s_black, 0.07f, s_amber, s_black);
}
