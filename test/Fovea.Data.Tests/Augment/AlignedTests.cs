using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Tests.Augment;

/// <summary>Darknet's way of resizing: corners on corners, numbers that are not rounded to bytes, the middle rounded down.</summary>
public class AlignedTests
{
    [Fact]
    public void The_shorter_side_is_resized_and_the_middle_cut_as_Darknet_does()
    {
        const int Side = 6;
        var image = new RgbImage();
        image.Reshape(11, 7);
        for (var y = 0; y < 7; y++)
            for (var x = 0; x < 33; x++) image.Row(y)[x] = (byte)((y * 37) + (x * 11));
        var (width, left) = (Side * 11 / 7, ((Side * 11 / 7) - Side) / 2);
        var input = new Preprocessing { Height = Side, Width = Side, CropFraction = 1, Interpolation = Interpolation.Aligned, Mean = [0, 0.25, 0], Std = [1, 0.5, 1] };
        using var preprocessor = new Preprocessor(ImagePipeline.Evaluate(input));
        var made = new float[preprocessor.Length];
        preprocessor.Process(image, "image", made);
        for (var c = 0; c < 3; c++)
            for (var y = 0; y < Side; y++)
                for (var x = 0; x < Side; x++)
                {
                    var (sx, sy) = ((x + left) * 10.0 / (width - 1), y * 6.0 / (Side - 1));
                    var (ix, iy) = ((int)sx, Math.Min((int)sy, 5));
                    double At(int row, int column) => image.Row(row)[(3 * column) + c] / 255.0;
                    double Across(int row) => ((1 - (sx - ix)) * At(row, ix)) + ((sx - ix) * At(row, Math.Min(ix + 1, 10)));
                    var wanted = (((1 - (sy - iy)) * Across(iy)) + ((sy - iy) * Across(iy + 1)) - input.Mean[c]) / input.Std[c];
                    Assert.Equal(wanted, made[(((c * Side) + y) * Side) + x], 1e-5);
                }
    }

    [Fact]
    public void Steps_that_follow_see_bytes()
    {
        var image = new RgbImage();
        image.Reshape(9, 9);
        for (var y = 1; y < 9; y++) image.Row(y).Clear();
        image.Row(0).Fill(100);
        var input = new Preprocessing { Height = 9, Width = 9, CropFraction = 1, Interpolation = Interpolation.Aligned, Mean = [0, 0, 0], Std = [1, 1, 1] };
        using var preprocessor = new Preprocessor(new() { Input = input with { Height = 5, Width = 5 }, Transforms = [new VerticalFlip { Probability = 1 }] });
        var made = new float[preprocessor.Length];
        preprocessor.Process(image, "image", made);
        Assert.Equal(100 / 255f, made[20], 1e-6);
        Assert.Equal(0, made[0], 1e-6);
    }
}
