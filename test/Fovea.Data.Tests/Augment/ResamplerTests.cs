using System.Security.Cryptography;
using System.Text.Json;
using Fovea.Data.Augment;
using Fovea.Data.Augment.Resampling;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Tests.Augment;

public sealed class ResamplerTests
{
    public static TheoryData<string> Kernels => [.. ResampleKernel.Available.Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Resize_gives_pillows_bytes(string kernel)
    {
        var resampler = new Resampler(ResampleKernel.Choose(kernel));
        using var json = Fixtures.Json("components", "augment.json");
        var images = json.RootElement.GetProperty("images").EnumerateObject().ToDictionary(entry => entry.Name, entry => Read(entry.Value));
        var checkedCases = 0;
        foreach (var test in json.RootElement.GetProperty("cases").EnumerateArray().Where(test => test.GetProperty("op").GetString() == "resize"))
        {
            var parameters = test.GetProperty("params");
            var target = new RgbImage();

            resampler.Resize(
                images[test.GetProperty("image").GetString()!],
                target,
                parameters.GetProperty("width").GetInt32(),
                parameters.GetProperty("height").GetInt32(),
                Enum.Parse<Interpolation>(parameters.GetProperty("interpolation").GetString()!, ignoreCase: true));

            Assert.Equal(Convert.FromHexString(test.GetProperty("hex").GetString()!), target.Pixels.ToArray());
            checkedCases++;
        }

        Assert.Equal(36, checkedCases);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Resize_of_noise_has_pillows_digest(string kernel)
    {
        var resampler = new Resampler(ResampleKernel.Choose(kernel));
        using var json = Fixtures.Json("augment", "resize.json");
        foreach (var test in json.RootElement.EnumerateArray())
        {
            var (source, target) = (Noise(test.GetProperty("width").GetInt32(), test.GetProperty("height").GetInt32()), new RgbImage());
            var box = test.GetProperty("box");
            var interpolation = Enum.Parse<Interpolation>(test.GetProperty("interpolation").GetString()!, ignoreCase: true);

            resampler.Resize(
                source,
                target,
                test.GetProperty("to")[0].GetInt32(),
                test.GetProperty("to")[1].GetInt32(),
                interpolation,
                box.ValueKind == JsonValueKind.Null ? null : new(box[0].GetSingle(), box[1].GetSingle(), box[2].GetSingle(), box[3].GetSingle()));

            var digest = Convert.ToHexStringLower(SHA256.HashData(target.Pixels));
            Assert.True(test.GetProperty("sha256").GetString() == digest, $"{kernel}: {test}");
        }
    }

    [Fact]
    public void Resize_refuses_a_box_outside_the_image()
    {
        var e = Assert.Throws<ArgumentException>(
            () => new Resampler().Resize(new RgbImage(10, 8), new RgbImage(), 4, 4, Interpolation.Bilinear, new Box(0, 0, 10.5f, 8)));

        Assert.Contains("is no part of an image of 10×8 pixels", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resize_allocates_nothing_once_its_buffers_have_grown()
    {
        var resampler = new Resampler();
        var (source, target) = (Noise(200, 150), new RgbImage());
        ResizeToSeveralSizes();
        var before = GC.GetAllocatedBytesForCurrentThread();

        ResizeToSeveralSizes();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void ResizeToSeveralSizes()
        {
            for (var i = 0; i < 20; i++) resampler.Resize(source, target, 64 - i, 64, Interpolation.Bicubic);
        }
    }

    private static RgbImage Read(JsonElement image)
    {
        var size = image.GetProperty("size");
        var result = new RgbImage(size[1].GetInt32(), size[0].GetInt32());
        Convert.FromHexString(image.GetProperty("hex").GetString()!).CopyTo(result.Pixels);
        return result;
    }

    private static RgbImage Noise(int width, int height)
    {
        var image = new RgbImage(width, height);
        for (var i = 0; i < image.Pixels.Length; i++) image.Pixels[i] = (byte)((uint)i * 2654435761u >> 24);
        return image;
    }
}
