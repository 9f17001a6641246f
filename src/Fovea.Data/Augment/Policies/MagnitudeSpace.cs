using System.Collections.Frozen;

namespace Fovea.Data.Augment;

/// <summary>The operations of one of torchvision's policies, with their magnitudes by a number of steps.</summary>
internal sealed class MagnitudeSpace
{
    private readonly FrozenDictionary<string, Row> _rows;

    private MagnitudeSpace(params IReadOnlyList<Row> rows) => (Rows, _rows) = (rows, rows.ToFrozenDictionary(row => row.Operation.Name));

    /// <summary>Of <c>AutoAugment</c>.</summary>
    public static MagnitudeSpace Auto { get; } = new([.. Usual(150.0 / 331, 0.3, 30, 0.9, 4), new(Operation.Invert)]);

    /// <summary>Of <c>RandAugment</c>.</summary>
    public static MagnitudeSpace Rand { get; } = new([new(Operation.Identity), .. Usual(150.0 / 331, 0.3, 30, 0.9, 4)]);

    /// <summary>Of <c>TrivialAugmentWide</c>, whose shifts are in pixels.</summary>
    public static MagnitudeSpace Wide { get; } = new([new(Operation.Identity), .. Usual(null, 0.99, 135, 0.99, 6)]);

    /// <summary>The operations, in torchvision's order.</summary>
    public IReadOnlyList<Row> Rows { get; }

    /// <summary>The operation of a name.</summary>
    public Row this[string name] => _rows[name];

    /// <summary>torch.linspace in float32, which counts from both ends and rounds once.</summary>
    public static float Step(double start, double end, int bins, int bin)
    {
        if (bins == 1) return (float)start;
        var step = ((float)end - (float)start) / (bins - 1);
        return bin < bins / 2 ? MathF.FusedMultiplyAdd(step, bin, (float)start) : MathF.FusedMultiplyAdd(-step, bins - bin - 1, (float)end);
    }

    private static IEnumerable<Row> Usual(double? shift, double shear, double turn, double factor, int bits) =>
    [
        new(Operation.ShearX, IsSigned: true, (bins, bin, _) => Step(0, shear, bins, bin)),
        new(Operation.ShearY, IsSigned: true, (bins, bin, _) => Step(0, shear, bins, bin)),
        new(Operation.TranslateX, IsSigned: true, (bins, bin, size) => Step(0, shift * size.Width ?? 32, bins, bin)),
        new(Operation.TranslateY, IsSigned: true, (bins, bin, size) => Step(0, shift * size.Height ?? 32, bins, bin)),
        new(Operation.Rotate, IsSigned: true, (bins, bin, _) => Step(0, turn, bins, bin)),
        new(Operation.Brightness, IsSigned: true, (bins, bin, _) => Step(0, factor, bins, bin)),
        new(Operation.Color, IsSigned: true, (bins, bin, _) => Step(0, factor, bins, bin)),
        new(Operation.Contrast, IsSigned: true, (bins, bin, _) => Step(0, factor, bins, bin)),
        new(Operation.Sharpness, IsSigned: true, (bins, bin, _) => Step(0, factor, bins, bin)),
        new(Operation.Posterize, IsSigned: false, (bins, bin, _) => 8 - (int)Math.Round(bin / (float)((bins - 1) / (double)bits), MidpointRounding.ToEven)),
        new(Operation.Solarize, IsSigned: false, (bins, bin, _) => Step(255, 0, bins, bin)),
        new(Operation.AutoContrast),
        new(Operation.Equalize),
    ];

    /// <summary>An operation with its magnitudes.</summary>
    /// <param name="Operation">The operation.</param>
    /// <param name="IsSigned">Whether the magnitude may be taken negative.</param>
    /// <param name="Magnitude">That of a step, of so many, for an image of a size; null where there is none.</param>
    internal sealed record Row(Operation Operation, bool IsSigned = false, Func<int, int, (int Width, int Height), double>? Magnitude = null)
    {
        /// <summary>Does it to an image, to either side by chance.</summary>
        public void Apply(Canvas canvas, int bins, int bin, Pixels.Colour fill, ref Draws draws)
        {
            var magnitude = Magnitude?.Invoke(bins, bin, (canvas.Width, canvas.Height)) ?? 0;
            if (IsSigned && draws.Chance(0.5)) magnitude = -magnitude;
            Operation.Change(canvas, magnitude, fill);
        }
    }
}
