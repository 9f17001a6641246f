using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Data.Tests.Augment;

/// <summary>Resampling of tensors with antialiasing is that of Pillow's images, but for the rounding between its passes and at its end.</summary>
public sealed class TensorResamplingTests
{
    [Theory]
    [InlineData(ResampleFilter.Bilinear, Interpolation.Bilinear, 9, 7)]
    [InlineData(ResampleFilter.Bilinear, Interpolation.Bilinear, 61, 40)]
    [InlineData(ResampleFilter.Bicubic, Interpolation.Bicubic, 9, 7)]
    [InlineData(ResampleFilter.Bicubic, Interpolation.Bicubic, 12, 64)]
    [InlineData(ResampleFilter.Bicubic, Interpolation.Bicubic, 1, 1)]
    public void Antialiased_tensors_are_Pillows_images_before_rounding(ResampleFilter filter, Interpolation interpolation, int width, int height)
    {
        var image = Fixtures.Picture(31, 26);
        var wanted = new RgbImage();
        new Resampler().Resize(image, wanted, width, height, interpolation);
        var graph = new Graph("resize");
        graph.Output("y", graph.Input("x", TensorType.F32(1, 3, image.Height, image.Width)).Resample(height, width, filter, antialias: true));
        using var session = new ReferenceBackend().Open();
        using var plan = session.Compile(graph);
        var plane = image.Width * image.Height;
        for (var i = 0; i < 3 * plane; i++) plan.Floats("x")[i] = image.Pixels[(3 * (i % plane)) + (i / plane)];
        plan.Run();
        var y = plan.Result("y").ToArray();
        for (var i = 0; i < y.Length; i++)
            Assert.InRange(Math.Clamp(y[i], 0, 255) - wanted.Pixels[(3 * (i % (width * height))) + (i / (width * height))], -1.6, 1.6);
    }

    [Fact]
    public void Aligned_corners_stay_where_they_are()
    {
        var graph = new Graph("resize");
        var x = graph.Input("x", TensorType.F32(1, 1, 1, 4));
        graph.Output("linear", x.Resample(1, 7, ResampleFilter.Bilinear, alignCorners: true));
        graph.Output("cubic", x.Resample(1, 7, ResampleFilter.Bicubic, alignCorners: true));
        using var session = new ReferenceBackend().Open();
        using var plan = session.Compile(graph);
        float[] line = [1, 4, 2, 8];
        line.CopyTo(plan.Floats("x"));
        plan.Run();
        Assert.Equal([1, 2.5f, 4, 3, 2, 5, 8], plan.Result("linear").ToArray());
        for (var i = 0; i < 4; i++) Assert.Equal(line[i], plan.Result("cubic")[2 * i], 1e-6);

        // Keys' cubic with a = -0.75 half way: (-3·x₋₁ + 19·x₀ + 19·x₁ - 3·x₂) / 32, the last ones standing for those outside.
        Assert.Equal(((-3 * 1) + (19 * 1) + (19 * 4) - (3 * 2)) / 32f, plan.Result("cubic")[1], 1e-5);
    }

    [Fact]
    public void Aligned_corners_do_not_go_with_antialiasing() => Assert.Throws<ShapeException>(() =>
        new Graph("x").Input("x", TensorType.F32(1, 1, 2, 2)).Resample(1, 1, ResampleFilter.Bicubic, antialias: true, alignCorners: true));
}
