using System.Numerics;

namespace Fovea.Data.Synth;

/// <summary>One sign as it was made and has weathered, seen in one view.</summary>
internal sealed class SignPainter
{
    private static readonly Vector4 s_dirt = Tone.Rgb(96, 84, 66);
    private static readonly Vector4 s_ink = Tone.Rgb(40, 40, 42);

    private readonly SignClass _class;
    private readonly View _view;
    private readonly Livery _livery;
    private readonly float _glyphSize, _glyphX, _glyphY, _bolder;
    private readonly float _lightU, _lightV;
    private readonly float _grime;
    private readonly Lattice _stain;
    private readonly Vector4 _metal;
    private readonly float _pole;
    private readonly float _plateTop;

    public SignPainter(SignClass sign, View view, Dice dice)
    {
        (_class, _view) = (sign, view);
        _livery = Weathered(sign.Livery, dice);
        _glyphSize = sign.Outline.GlyphSize * dice.Between(0.86f, 1.1f);
        (_glyphX, _glyphY) = (dice.Between(-0.05f, 0.05f), sign.Outline.GlyphY + dice.Between(-0.05f, 0.05f));
        _bolder = dice.Between(-0.03f, 0.05f);
        (_lightU, _lightV) = (dice.Between(-0.25f, 0.25f), dice.Between(-0.3f, 0.2f));
        _grime = dice.Chance(0.5f) ? dice.Between(0.1f, 0.8f) : 0;
        _stain = new Lattice(dice);
        _metal = Tone.Near(Tone.Rgb(150, 152, 154), dice, 0.25f);
        _pole = dice.Chance(0.75f) ? dice.Between(0.05f, 0.1f) : 0;
        _plateTop = dice.Chance(0.15f) ? dice.Between(1.1f, 1.25f) : float.PositiveInfinity;
    }

    public void Paint(Scene scene)
    {
        for (var y = 0; y < scene.Height; y++)
        {
            var row = scene.Row(y);
            var line = _view.Row(y + 0.5);
            for (var x = 0; x < row.Length; x++)
            {
                var (u, v, pixels) = line.At(x + 0.5f);
                if (_pole > 0 && v > -0.9f) row[x] = Tone.Mix(row[x], Metal(u), Cover(MathF.Abs(u) - _pole, pixels));
                if (v > _plateTop - 0.1f) row[x] = UnderPlate(row[x], u, v, pixels);
                if (MathF.Abs(u) > Outline.Reach || MathF.Abs(v) > Outline.Reach) continue;
                var edge = _class.Outline.Distance(u, v);
                if (edge * pixels < 1) row[x] = Tone.Mix(row[x], Face(u, v, edge, pixels), Cover(edge, pixels));
            }
        }
    }

    /// <summary>How much of a pixel lies inside an edge at this signed distance, when so many pixels go into a unit.</summary>
    private static float Cover(float distance, float pixels) => Tone.Clamp01(0.5f - (distance * pixels));

    private Vector4 Face(float u, float v, float edge, float pixels)
    {
        var field = edge + _livery.RimWidth + _livery.BandWidth;
        var inside = Cover(field, pixels);
        var color = _livery.Field;
        if (inside < 1) color = Tone.Mix(Tone.Mix(_livery.Rim, _livery.Band, Cover(edge + _livery.RimWidth, pixels)), color, inside);
        if (inside > 0)
        {
            var glyph = _class.Glyph.Distance((u - _glyphX) / _glyphSize, (v - _glyphY) / _glyphSize) - _bolder;
            color = Tone.Mix(color, _livery.Figure, inside * Cover(glyph * _glyphSize, pixels));
        }

        if (_grime > 0) color = Tone.Mix(color, s_dirt, _grime * Tone.Ramp(0.45f, 0.8f, _stain.Cloud(u * 1.7f, v * 1.7f)));
        return color * (1 + (_lightU * u) + (_lightV * v));
    }

    private Vector4 Metal(float u) => _metal * (1.1f - (0.8f * (u / _pole) * (u / _pole)));

    private Vector4 UnderPlate(Vector4 behind, float u, float v, float pixels)
    {
        var (x, y) = (MathF.Abs(u) - 0.62f, MathF.Abs(v - _plateTop - 0.22f) - 0.2f);
        var line = MathF.Max(x + 0.12f, MathF.Abs(MathF.Abs(v - _plateTop - 0.22f) - 0.08f) - 0.035f);
        return Tone.Mix(behind, Tone.Mix(_livery.Rim, s_ink, Cover(line, pixels)), Cover(MathF.Max(x, y), pixels));
    }

    private static Livery Weathered(Livery fresh, Dice dice)
    {
        var (bleached, share) = (Tone.Near(Tone.Rgb(190, 188, 180), dice, 0.1f), 0.45f * dice.Uniform() * dice.Uniform());
        Vector4 Aged(Vector4 color) => Tone.Mix(Tone.Near(color, dice, 0.14f), bleached, share);
        var (rim, band, field, figure) = (Aged(fresh.Rim), Aged(fresh.Band), Aged(fresh.Field), Aged(fresh.Figure));
        return new(rim, fresh.RimWidth * dice.Between(0.6f, 1.4f), band, fresh.BandWidth * dice.Between(0.75f, 1.2f), field, figure);
    }
}
