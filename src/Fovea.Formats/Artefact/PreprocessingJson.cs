using System.Text.Json;
using Fovea.Images;
using Fovea.Json;

namespace Fovea.Formats.Artefact;

/// <summary>A <see cref="Preprocessing"/> as the JSON object that travels with a model.</summary>
/// <remarks>
/// Its keys are <c>width</c>, <c>height</c>, <c>shorter_side</c> (null where both sides are stretched), <c>crop_fraction</c>,
/// <c>interpolation</c>, <c>mean</c> and <c>std</c>. Of <c>shorter_side</c> and <c>crop_fraction</c>, which may be missing, the former counts.
/// </remarks>
public static class PreprocessingJson
{
    private const string What = "the preprocessing";

    /// <summary>Reads what <see cref="Write(Preprocessing)"/> wrote, now or in an earlier version.</summary>
    /// <param name="text">The JSON.</param>
    /// <exception cref="FormatException">The text is no such object, or a value is out of range; the message says which.</exception>
    public static Preprocessing Read(string text)
    {
        var fields = JsonText.Read(text, What, FormatsJson.Default.Fields);
        var preprocessing = new Preprocessing
        {
            Width = fields.Width,
            Height = fields.Height,
            Fit = fields.ShorterSide is null ? Fit.Stretch : Fit.Crop,
            CropFraction = fields.ShorterSide is { } side ? FractionOf(Math.Min(fields.Width, fields.Height), side, fields.CropFraction) : fields.CropFraction,
            Interpolation = Way(fields.Interpolation),
            Mean = fields.Mean,
            Std = fields.Std,
        };
        Check(preprocessing);
        return preprocessing;
    }

    /// <summary>The JSON object.</summary>
    /// <param name="preprocessing">What is written.</param>
    /// <exception cref="FormatException">A value is out of range; the message says which.</exception>
    public static string Write(Preprocessing preprocessing)
    {
        Check(preprocessing);
        var fields = new Fields
        {
            Width = preprocessing.Width,
            Height = preprocessing.Height,
            ShorterSide = preprocessing.Fit == Fit.Crop ? preprocessing.ShorterSide : null,
            CropFraction = preprocessing.CropFraction,
            Interpolation = Name(preprocessing.Interpolation),
            Mean = [.. preprocessing.Mean],
            Std = [.. preprocessing.Std],
        };
        return JsonSerializer.Serialize(fields, FormatsJson.Default.Fields);
    }

    private static void Check(Preprocessing preprocessing)
    {
        try
        {
            preprocessing.Validate();
        }
        catch (PreprocessingException e)
        {
            throw Fail(e.Message, e);
        }
    }

    /// <summary>The fraction that leads to a shorter side: the one given where it does, otherwise the quotient, which rounding may put just above.</summary>
    private static double FractionOf(int size, int side, double given)
    {
        if (side < 1) throw Fail($"shorter_side is {side}; wanted at least 1");
        if ((int)(size / given) == side) return given;
        var fraction = (double)size / side;
        return (int)(size / fraction) == side ? fraction : Math.BitDecrement(fraction);
    }

    private static string Name(Interpolation way) => way.ToString().ToLowerInvariant();

    private static Interpolation Way(string text)
    {
        foreach (var way in Enum.GetValues<Interpolation>())
            if (Name(way).Equals(text, StringComparison.OrdinalIgnoreCase)) return way;
        throw Fail($"interpolation is '{text}'; wanted {string.Join(" or ", Enum.GetValues<Interpolation>().Select(Name))}");
    }

    private static FormatException Fail(string problem, Exception? inner = null) => new($"{What} cannot be read: {problem}", inner);

    /// <summary>The members of the object.</summary>
    internal sealed class Fields
    {
        public required int Width { get; init; }

        public required int Height { get; init; }

        public required int? ShorterSide { get; init; }

        // Not init: the generated reader would put 0 where the text has none.
        public double CropFraction { get; set; } = 1;

        public required string Interpolation { get; init; }

        public required double[] Mean { get; init; }

        public required double[] Std { get; init; }
    }
}
