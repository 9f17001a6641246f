using Fovea.Data.Augment.Pixels;
using Fovea.Images;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// Darknet's cut for classes (<c>random_augment_image</c>): the shorter side becomes a random number of pixels, width and height are stretched by a random
/// factor, the image is turned, and the input cut from a random place; bilinear, without smoothing before a reduction, black outside. (Darknet blends that
/// with the border, half a pixel wide.)
/// </summary>
public sealed record DarknetCrop : Transform
{
    /// <inheritdoc/>
    public override string Kind => "darknet_crop";

    /// <summary>The least number of pixels of the shorter side; 1 to 65 536, or 0 (the default) for the side of the input.</summary>
    public int MinCrop { get; init; }

    /// <summary>The largest number; at least <see cref="MinCrop"/>, or 0 (the default) for twice the side of the input.</summary>
    public int MaxCrop { get; init; }

    /// <summary>The largest factor between width and height, or one over it; 1 to 100. Default 1.</summary>
    public double Aspect { get; init; } = 1;

    /// <summary>The turn is uniform in ± so many degrees; 0 to 180. Default 0.</summary>
    public double Angle { get; init; }

    /// <inheritdoc/>
    public override bool FixesSize => true;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        checks.Within(MinCrop, 0, 65_536);
        checks.Within(MaxCrop, 0, 65_536);
        if (MinCrop > 0 && MaxCrop > 0 && MaxCrop < MinCrop) checks.Within(MaxCrop, MinCrop, 65_536);
        checks.Within(Aspect, 1, 100);
        checks.Within(Angle, 0, 180);
    }

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        var (source, width, height) = (canvas.Pixels, canvas.Input.Width, canvas.Input.Height);
        var aspect = Scales.Draw(Aspect, ref draws);
        var least = MinCrop > 0 ? MinCrop : Math.Min(width, height);
        var most = Math.Max(MaxCrop > 0 ? MaxCrop : 2 * Math.Min(width, height), least);
        var scale = (least + draws.Integer(most - least + 1)) / Math.Min(source.Height, source.Width * aspect);
        var (sin, cos) = Math.SinCos(draws.Uniform(-Angle, Angle) * Math.PI / 180);
        var roomX = Math.Max(((source.Width * scale / aspect) - width) / 2, 0);
        var roomY = Math.Max(((source.Height * scale) - height) / 2, 0);
        var (x, y) = (draws.Uniform(-roomX, roomX) - (width / 2.0), draws.Uniform(-roomY, roomY) - (height / 2.0));

        // Darknet's pixels lie at whole numbers, those of a map have their middle at ½.
        var (a, b, d, e) = (cos * aspect / scale, -sin / scale, sin * aspect / scale, cos / scale);
        var (c, f) = ((a * x) + (b * y) + (source.Width / 2.0), (d * x) + (e * y) + (source.Height / 2.0));
        var map = new AffineMap(a, b, c - ((a + b) / 2) + 0.5, d, e, f - ((d + e) / 2) + 0.5);
        Affine.Draw(source, canvas.Redraw(width, height), map, Interpolation.Bilinear, Colour.Black);
    }
}
