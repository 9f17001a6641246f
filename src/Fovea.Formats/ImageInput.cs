using System.Text.Json;

namespace Fovea.Formats;

/// <summary>How images become the input of a model: the size, the way to it, and the normalisation. It travels with the model.</summary>
/// <remarks>
/// An image is decoded to RGB, resized (antialiased), cut to the size from its middle where it is larger, and each channel v of 0 to 255
/// becomes (v/255 − mean)/std. The text form is a JSON object with the keys of the properties in snake_case.
/// </remarks>
public sealed record ImageInput
{
    /// <summary>Columns of the input, from 1.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the input, from 1.</summary>
    public required int Height { get; init; }

    /// <summary>
    /// The length that the shorter side is resized to before the middle is cut out; null (the default) resizes to <see cref="Width"/> and
    /// <see cref="Height"/>, whatever becomes of the aspect.
    /// </summary>
    public int? ShorterSide { get; init; }

    /// <summary>How pixels are weighted: <c>bilinear</c> (the default), <c>bicubic</c>, <c>box</c> or <c>lanczos</c>, as in Pillow.</summary>
    public string Interpolation { get; init; } = "bilinear";

    /// <summary>Subtracted from each channel, which is a fraction of white. Default ImageNet's.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.485, 0.456, 0.406];

    /// <summary>Divides each channel after that; above 0. Default ImageNet's.</summary>
    public IReadOnlyList<double> Std { get; init; } = [0.229, 0.224, 0.225];

    /// <summary>The shorter side of the input as a fraction of <see cref="ShorterSide"/>; 1 where that is null.</summary>
    public double CropFraction => ShorterSide is { } side ? (double)Math.Min(Width, Height) / side : 1;

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no such object, or a value is out of range; the message says which.</exception>
    public static ImageInput FromJson(string text) => JsonText.Read(text, "the preprocessing", json => new ImageInput
    {
        Width = json.GetProperty("width").GetInt32(),
        Height = json.GetProperty("height").GetInt32(),
        ShorterSide = json.GetProperty("shorter_side") is { ValueKind: not JsonValueKind.Null } side ? side.GetInt32() : null,
        Interpolation = json.Text("interpolation"),
        Mean = [.. json.GetProperty("mean").EnumerateArray().Select(x => x.GetDouble())],
        Std = [.. json.GetProperty("std").EnumerateArray().Select(x => x.GetDouble())],
    }.Validated());

    /// <summary>The JSON object, with <c>crop_fraction</c> for readers that want it so.</summary>
    public string ToJson() => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("width", Width);
        json.WriteNumber("height", Height);
        if (ShorterSide is { } side) json.WriteNumber("shorter_side", side);
        else json.WriteNull("shorter_side");
        json.WriteNumber("crop_fraction", CropFraction);
        json.WriteString("interpolation", Interpolation);
        Write(json, "mean", Mean);
        Write(json, "std", Std);
        json.WriteEndObject();
    });

    /// <summary>Whether both are equal, number by number.</summary>
    public bool Equals(ImageInput? other) =>
        other is not null && (Width, Height, ShorterSide, Interpolation) == (other.Width, other.Height, other.ShorterSide, other.Interpolation)
        && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Width, Height, ShorterSide, Interpolation, Mean.Count, Mean.Sum(), Std.Sum());

    /// <summary>This, once its values are sure to be in range.</summary>
    /// <exception cref="FormatException">A value is out of range.</exception>
    internal ImageInput Validated()
    {
        Want(Width >= 1 && Height >= 1, $"the size is {Width}×{Height}; wanted at least 1");
        Want(ShorterSide is null || ShorterSide >= 1, $"shorter_side is {ShorterSide}; wanted at least 1");
        Want(Interpolation is "bilinear" or "bicubic" or "box" or "lanczos", $"interpolation is '{Interpolation}'; wanted bilinear, bicubic, box or lanczos");
        Want(Mean.Count == Std.Count && Mean.Count > 0, $"there are {Mean.Count} means and {Std.Count} deviations; wanted one of each for a channel");
        Want(Mean.All(double.IsFinite), $"mean is [{string.Join(", ", Mean)}]; wanted finite numbers");
        Want(Std.All(x => x > 0 && double.IsFinite(x)), $"std is [{string.Join(", ", Std)}]; wanted finite numbers above 0");
        return this;
    }

    private static void Want(bool holds, FormattableString problem)
    {
        if (!holds) throw new FormatException(FormattableString.Invariant(problem));
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
