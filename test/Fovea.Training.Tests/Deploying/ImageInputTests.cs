using Fovea.Data.Augment;
using Fovea.Formats;
using Fovea.Training.Deploying;

namespace Fovea.Training.Tests.Deploying;

public sealed class ImageInputTests
{
    [Fact]
    public void Preprocessing_is_the_same_after_its_description()
    {
        var cropped = Preprocessing.Evaluate(112, 128, Interpolation.Bicubic) with { Normalize = Normalize.Cifar10 };
        var input = ImageInput.FromJson(cropped.ImageInput.ToJson());
        Assert.Equal(cropped, input.Preprocessing);
        Assert.Equal((112, 112, 128, "bicubic"), (input.Width, input.Height, input.ShorterSide, input.Interpolation));
        Assert.Equal([0.4914, 0.4822, 0.4465], input.Mean);
        var stretched = Preprocessing.CifarEvaluate();
        Assert.Equal(stretched, stretched.ImageInput.Preprocessing);
        Assert.Null(stretched.ImageInput.ShorterSide);
    }

    [Fact]
    public void Steps_that_are_not_for_evaluation_are_refused()
    {
        Assert.Contains("cannot be kept with a model", Assert.Throws<ArgumentException>(() => Preprocessing.Train(32).ImageInput).Message, StringComparison.Ordinal);
        var wide = new ImageInput { Width = 8, Height = 4, ShorterSide = 9 };
        Assert.Equal("the input is 8×4; a crop from the middle is square", Assert.Throws<ArgumentException>(() => wide.Preprocessing).Message);
        var grey = new ImageInput { Width = 8, Height = 8, Mean = [0.5], Std = [0.5] };
        Assert.Contains("images have 3 channels", Assert.Throws<ArgumentException>(() => grey.Preprocessing).Message, StringComparison.Ordinal);
    }
}
