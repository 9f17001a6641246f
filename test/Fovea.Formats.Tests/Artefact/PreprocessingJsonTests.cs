using Fovea.Formats.Artefact;
using Fovea.Images;

namespace Fovea.Formats.Tests.Artefact;

public sealed class PreprocessingJsonTests
{
    [Fact]
    public void Every_combination_is_the_same_after_json_and_back()
    {
        double[][] means = [[0.1307], [0.485, 0.456, 0.406]];
        var all = from fit in Enum.GetValues<Fit>()
                  from way in Enum.GetValues<Interpolation>()
                  from mean in means
                  from fraction in new[] { 0.125, 0.5, 0.875, 0.9, 0.95, 0.965, 1 }
                  from size in new[] { 1, 28, 224, 299, 8192 }
                  select new Preprocessing
                  {
                      Height = size,
                      Width = size,
                      Fit = fit,
                      CropFraction = fraction,
                      Interpolation = way,
                      Mean = mean,
                      Std = [.. mean.Select(x => x / 2)],
                  };
        foreach (var preprocessing in all) Assert.Equal(preprocessing, PreprocessingJson.Read(PreprocessingJson.Write(preprocessing)));
        var wide = new Preprocessing { Height = 96, Width = 112, Fit = Fit.Stretch };
        Assert.Equal(wide, PreprocessingJson.Read(PreprocessingJson.Write(wide)));
    }

    [Fact]
    public void Text_has_the_keys_that_earlier_versions_read()
    {
        var crop = new Preprocessing
        {
            Width = 112,
            Height = 112,
            CropFraction = 0.875,
            Interpolation = Interpolation.Bicubic,
            Mean = [0.1, 0.2, 0.3],
            Std = [0.5, 0.25, 1],
        };
        const string Start = """{"width":112,"height":112,"shorter_side":""";
        const string End = ""","crop_fraction":0.875,"interpolation":"bicubic","mean":[0.1,0.2,0.3],"std":[0.5,0.25,1]}""";
        Assert.Equal(Start + "128" + End, PreprocessingJson.Write(crop));
        Assert.Equal(Start + "null" + End, PreprocessingJson.Write(crop with { Fit = Fit.Stretch }));
    }

    [Fact]
    public void Files_of_earlier_versions_mean_what_they_meant()
    {
        for (var size = 1; size <= 400; size++)
            for (var side = size; side <= 2 * size; side++)
            {
                var text = FormattableString.Invariant(
                    $$"""{"width":{{size}},"height":{{size}},"shorter_side":{{side}},"crop_fraction":{{(double)size / side}},"interpolation":"bilinear","mean":[0.485,0.456,0.406],"std":[0.229,0.224,0.225]}""");
                var read = PreprocessingJson.Read(text);
                Assert.True(
                    read is { Fit: Fit.Crop, Interpolation: Interpolation.Bilinear } && (read.Height, read.Width, read.ShorterSide) == (size, size, side),
                    text);
            }

        var plain = PreprocessingJson.Read("""{"width":224,"height":224,"shorter_side":256,"interpolation":"bicubic","mean":[0.5],"std":[0.25]}""");
        Assert.Equal((0.875, 256), (plain.CropFraction, plain.ShorterSide));
        var exact = PreprocessingJson.Read(
            """{"width":32,"height":24,"shorter_side":null,"crop_fraction":1,"interpolation":"lanczos","mean":[0.5],"std":[0.25]}""");
        Assert.Equal(
            new Preprocessing
            {
                Width = 32,
                Height = 24,
                Fit = Fit.Stretch,
                CropFraction = 1,
                Interpolation = Interpolation.Lanczos,
                Mean = [0.5],
                Std = [0.25],
            },
            exact);
    }

    [Theory]
    [InlineData("224", "1e39", "0.229", "bilinear", "mean is [1E+39, 0.456, 0.406]; wanted fractions of white, 0 to 1")]
    [InlineData("224", "0.485", "0", "bilinear", "std is [0, 0.224, 0.225]; wanted fractions of white, 0.001 to 2")]
    [InlineData("224", "0.485", "1e-320", "bilinear", "std is [1E-320, 0.224, 0.225]; wanted fractions of white, 0.001 to 2")]
    [InlineData("224", "0.485,0.4", "0.229", "bilinear", "mean is [0.485, 0.4, 0.456, 0.406]; wanted one number, for grey, or three, for red, green and blue")]
    [InlineData("0", "0.485", "0.229", "bilinear", "shorter_side is 0; wanted at least 1")]
    [InlineData("2000000000", "0.485", "0.229", "bilinear", "crop_fraction is 1.12E-07; wanted 0.125 to 1")]
    [InlineData("1e-6", "0.485", "0.229", "bilinear", "the preprocessing cannot be read")]
    [InlineData("256", "0.485", "0.229", "cubic", "interpolation is 'cubic'; wanted bilinear or bicubic or box or lanczos or nearest or aligned")]
    public void Values_out_of_range_in_a_file_are_refused(string side, string mean, string std, string interpolation, string message)
    {
        var text = $$"""{"width":224,"height":224,"shorter_side":{{side}},"crop_fraction":0.875,"interpolation":"{{interpolation}}","mean":[{{mean}},0.456,0.406],"std":[{{std}},0.224,0.225]}""";
        Assert.Contains(message, Assert.Throws<FormatException>(() => PreprocessingJson.Read(text)).Message, StringComparison.Ordinal);
    }
}
