using System.Globalization;
using Fovea.Data.Augment;
using Fovea.Formats;

namespace Fovea.Training.Deploying;

/// <summary>Between the preprocessing of a run and the description of it that travels with a model.</summary>
public static class ImageInputs
{
    extension(ImageInput input)
    {
        /// <summary>The preprocessing that the description means.</summary>
        public Preprocessing Preprocessing => new()
        {
            Transforms = input.ShorterSide is { } side
                ? [new Resize { Size = side, Interpolation = Interpolation(input) }, new CenterCrop { Size = Square(input) }]
                : [new ResizeExact { Width = input.Width, Height = input.Height, Interpolation = Interpolation(input) }],
            Normalize = new(Channels(input.Mean), Channels(input.Std)),
        };
    }

    extension(Preprocessing preprocessing)
    {
        /// <summary>The description that a file keeps.</summary>
        /// <exception cref="ArgumentException">The steps are no resize of the shorter side and centre crop, and no resize to the exact size.</exception>
        public ImageInput ImageInput => preprocessing.Transforms switch
        {
            [Resize resize, CenterCrop crop] => Input(preprocessing.Normalize, crop.Size, crop.Size, resize.Size, resize.Interpolation),
            [ResizeExact exact] => Input(preprocessing.Normalize, exact.Width, exact.Height, null, exact.Interpolation),
            _ => throw new ArgumentException($"«{preprocessing}» cannot be kept with a model; wanted a resize and a centre crop, or a resize to the exact size"),
        };
    }

    private static ImageInput Input(Normalize normalize, int width, int height, int? side, Interpolation interpolation) => new()
    {
        Width = width,
        Height = height,
        ShorterSide = side,
        Interpolation = Enum.GetName(interpolation)!.ToLowerInvariant(),
        Mean = Decimals(normalize.Mean),
        Std = Decimals(normalize.Std),
    };

    private static Interpolation Interpolation(ImageInput input) => Enum.TryParse<Interpolation>(input.Interpolation, ignoreCase: true, out var found)
        ? found
        : throw new ArgumentException($"interpolation is '{input.Interpolation}'; wanted bilinear, bicubic, box or lanczos");

    private static int Square(ImageInput input) => input.Width == input.Height
        ? input.Width
        : throw new ArgumentException($"the input is {input.Width}×{input.Height}; a crop from the middle is square");

    private static ChannelValues Channels(IReadOnlyList<double> values) => values.Count == 3
        ? new((float)values[0], (float)values[1], (float)values[2])
        : throw new ArgumentException($"there are {values.Count} means and deviations; images have 3 channels");

    // 0.485f stands for 0.485, not for 0.48500001430511475.
    private static double[] Decimals(ChannelValues values) =>
        [.. new[] { values.Red, values.Green, values.Blue }.Select(x => double.Parse(x.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))];
}
