using Fovea.Images;

namespace Fovea.Core.Tests.Images;

public sealed class PreprocessingTests
{
    private static readonly Preprocessing s_grey = new() { Height = 28, Width = 28, CropFraction = 1, Mean = [0.1307], Std = [0.3081] };

    public static TheoryData<PreprocessingChoice, string> OutOfRange() => new()
    {
        { new() { ImageSize = 0 }, "image_size is 0; wanted 1 to 8192 pixels" },
        { new() { ImageSize = 100_000 }, "image_size is 100000; wanted 1 to 8192 pixels" },
        { new() { CropFraction = 1e-6 }, "crop_fraction is 1E-06; wanted 0.125 to 1, the side of the crop as a share of the shorter side" },
        { new() { CropFraction = 1.5 }, "crop_fraction is 1.5; wanted 0.125 to 1, the side of the crop as a share of the shorter side" },
        { new() { CropFraction = double.NaN }, "crop_fraction is NaN; wanted 0.125 to 1, the side of the crop as a share of the shorter side" },
        { new() { Mean = [1e39, 0, 0] }, "mean is [1E+39, 0, 0]; wanted fractions of white, 0 to 1" },
        { new() { Mean = [0.5, double.NaN, 0.5] }, "mean is [0.5, NaN, 0.5]; wanted fractions of white, 0 to 1" },
        { new() { Mean = [-0.5, 0.5, 0.5] }, "mean is [-0.5, 0.5, 0.5]; wanted fractions of white, 0 to 1" },
        { new() { Std = [1e-320, 1, 1] }, "std is [1E-320, 1, 1]; wanted fractions of white, 0.001 to 2" },
        { new() { Std = [0, 1, 1] }, "std is [0, 1, 1]; wanted fractions of white, 0.001 to 2" },
        { new() { Std = [double.PositiveInfinity, 1, 1] }, "std is [Infinity, 1, 1]; wanted fractions of white, 0.001 to 2" },
        {
            new() { Mean = [123.675, 116.28, 103.53] },
            "mean is [123.675, 116.28, 103.53]; wanted fractions of white, 0 to 1; of values 0 to 255, [0.485, 0.456, 0.406]"
        },
        {
            new() { Std = [58.395, 57.12, 57.375] },
            "std is [58.395, 57.12, 57.375]; wanted fractions of white, 0.001 to 2; of values 0 to 255, [0.229, 0.224, 0.225]"
        },
        { new() { Mean = [] }, "mean is []; wanted one number, for grey, or three, for red, green and blue" },
        { new() { Std = [1, 1] }, "std is [1, 1]; wanted one number, for grey, or three, for red, green and blue" },
        { new() { Mean = [0.5] }, "mean is [0.5]; wanted three numbers, for red, green and blue" },
        { new() { Interpolation = (Interpolation)9 }, "interpolation is 9; wanted bilinear, bicubic, box, lanczos, nearest or aligned" },
    };

    [Fact]
    public void The_last_that_says_something_has_the_last_word()
    {
        var row = new Preprocessing { Height = 288, Width = 288, CropFraction = 0.95, Interpolation = Interpolation.Bicubic };
        var recipe = new PreprocessingChoice { ImageSize = 96, Interpolation = Interpolation.Lanczos, Mean = [0.1, 0.2, 0.3] };
        var flags = new PreprocessingChoice { Interpolation = Interpolation.Box, Std = [0.5, 0.5, 0.5], Fit = Fit.Stretch };
        Assert.Equal(row, row.Resolve());
        Assert.Equal(row with { Height = 96, Width = 96, Interpolation = Interpolation.Lanczos, Mean = recipe.Mean! }, row.Resolve(recipe));
        Assert.Equal(
            row with { Height = 96, Width = 96, Interpolation = Interpolation.Box, Mean = recipe.Mean!, Std = flags.Std!, Fit = Fit.Stretch },
            row.Resolve(recipe, flags));
        Assert.NotEqual(row.Resolve(recipe, flags), row.Resolve(flags, recipe));
    }

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Values_out_of_range_are_refused_with_the_range(PreprocessingChoice choice, string message)
    {
        Assert.Equal(message, Assert.Throws<PreprocessingException>(() => new Preprocessing().Resolve(choice)).Message);
        Assert.Equal(message, Assert.Throws<PreprocessingException>(() => new Preprocessing().Resolve(new(), choice)).Message);
    }

    [Fact]
    public void Grey_models_want_one_mean_and_one_deviation()
    {
        Assert.Equal((1, 28), (s_grey.Channels, s_grey.ShorterSide));
        Assert.Equal(s_grey with { Mean = [0.5] }, s_grey.Resolve(new PreprocessingChoice { Mean = [0.5] }));
        var wrong = new PreprocessingChoice { Std = [0.5, 0.5, 0.5] };
        Assert.Equal(
            "std is [0.5, 0.5, 0.5]; wanted one number, because its images are grey",
            Assert.Throws<PreprocessingException>(() => s_grey.Resolve(wrong)).Message);
    }

    [Fact]
    public void Parts_of_a_record_have_to_fit_each_other()
    {
        Refused(new() { Std = [0.5] }, "std is [0.5]; wanted three numbers, for red, green and blue");
        Refused(new() { Width = 8, Height = 4 }, "width is 8; wanted 4 as the height: a crop from the middle is square");
        Refused(new() { Width = 8, Height = 8193 }, "height is 8193; wanted 1 to 8192 pixels");
        new Preprocessing { Width = 8, Height = 4, Fit = Fit.Stretch }.Validate();

        static void Refused(Preprocessing preprocessing, string message) =>
            Assert.Equal(message, Assert.Throws<PreprocessingException>(preprocessing.Validate).Message);
    }

    [Fact]
    public void Records_compare_by_content_and_say_what_they_hold()
    {
        Assert.Equal(new Preprocessing { Mean = [0.1, 0.2, 0.3] }, new Preprocessing { Mean = [0.1, 0.2, 0.3] });
        Assert.Equal(new Preprocessing().GetHashCode(), new Preprocessing { Mean = [0.485, 0.456, 0.406] }.GetHashCode());
        Assert.NotEqual(new Preprocessing(), new Preprocessing { Interpolation = Interpolation.Bicubic });
        Assert.Equal("28×28 of the middle of 28, bilinear, mean [0.1307], std [0.3081]", s_grey.ToString());
        Assert.Equal(
            "8×8, stretched, nearest, mean [0.5], std [1]",
            new Preprocessing { Height = 8, Width = 8, Fit = Fit.Stretch, Interpolation = Interpolation.Nearest, Mean = [0.5], Std = [1] }.ToString());
    }
}
