using Fovea.Data.Decoding;
using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Sources;

public sealed class DuplicatesTests
{
    private static readonly RgbImage s_one = Picture(1);
    private static readonly RgbImage s_two = Picture(2);

    [Fact]
    public void Same_pixels_are_exact_duplicates_however_they_are_encoded()
    {
        var found = Of(("a", PngEncoder.Encode(s_one)), ("b", PngEncoder.Encode(s_two)), ("c", Bmp(s_one)));
        Assert.Equal([0, 2], Assert.Single(found.Exact));
        Assert.Equal([0, 2], Assert.Single(found.Near));
    }

    [Fact]
    public void Recompressed_scaled_and_brightened_images_are_near_duplicates()
    {
        using var jpeg = new JpegEncoder();
        var brighter = new RgbImage(s_one.Width, s_one.Height);
        for (var i = 0; i < brighter.Pixels.Length; i++) brighter.Pixels[i] = (byte)Math.Min(255, s_one.Pixels[i] + 3);
        var found = Of(
            ("a", PngEncoder.Encode(s_one)), ("jpeg", jpeg.Encode(s_one)), ("other", PngEncoder.Encode(s_two)), ("half", PngEncoder.Encode(Half(s_one))),
            ("brighter", PngEncoder.Encode(brighter)));
        Assert.Empty(found.Exact);
        Assert.Equal([0, 1, 3, 4], Assert.Single(found.Near));
    }

    [Fact]
    public void Images_without_structure_are_no_near_duplicates()
    {
        var (grey, white) = (new RgbImage(20, 20), new RgbImage(20, 20));
        grey.Pixels.Fill(128);
        white.Pixels.Fill(130);
        Assert.Empty(Of(("a", PngEncoder.Encode(grey)), ("b", PngEncoder.Encode(white))).Near);
    }

    [Fact]
    public void Images_of_other_shape_with_the_same_bytes_are_not_the_same()
    {
        var (wide, tall) = (new RgbImage(40, 10), new RgbImage(10, 40));
        s_one.Pixels[..1200].CopyTo(wide.Pixels);
        s_one.Pixels[..1200].CopyTo(tall.Pixels);
        Assert.Empty(Of(("a", PngEncoder.Encode(wide)), ("b", PngEncoder.Encode(tall))).Exact);
    }

    [Fact]
    public void Corrupt_images_are_named_and_compared_with_none()
    {
        var found = Of(("a", PngEncoder.Encode(s_one)), ("b", PngEncoder.Encode(s_one)[..60]), ("c", PngEncoder.Encode(s_one)[..60]));
        Assert.Equal(["b", "c"], found.Bad.Select(bad => bad.Key));
        Assert.Empty(found.Exact);
    }

    [Fact]
    [Trait("row", "S0-09")]
    public void Leaks_are_groups_in_more_than_one_part()
    {
        IReadOnlyList<int>[] groups = [[0, 1], [2, 5], [3, 6, 7]];
        Assert.Equal([groups[1], groups[2]], DatasetDuplicates.Across(groups, i => i < 4 ? 0 : 1));
        Assert.Empty(DatasetDuplicates.Across(groups, _ => -1));
    }

    [Fact]
    public void Groups_of_different_classes_are_told_apart()
    {
        var source = new MemoryImages(["x", "y"], [("a", [], 0), ("b", [], 0), ("c", [], 1)]);
        IReadOnlyList<int>[] groups = [[0, 1], [1, 2]];
        Assert.Equal([groups[1]], DatasetDuplicates.OfDifferentClasses(groups, source));
    }

    /// <summary>What is found through pieces of hashes is what comparing all with all finds.</summary>
    [Fact]
    public void Near_images_are_found_as_if_all_were_compared_with_all()
    {
        var images = Enumerable.Range(0, 60).Select(i => PerceptualHash.Of(Noisy(Picture((ulong)(i % 12)), i))).ToArray();
        var (fast, all) = (new DisjointGroups(images.Length), new DisjointGroups(images.Length));
        NearPairs.Join([.. images.Select(image => (PerceptualHash?)image)], fast, default);
        for (var i = 0; i < images.Length; i++)
            for (var j = 0; j < i; j++)
                if (images[i].IsNear(images[j])) all.Join(i, j);
        Assert.Equal(all.All(), fast.All());
        Assert.NotEmpty(fast.All());
    }

    private static DatasetDuplicates Of(params (string Name, byte[] Data)[] images) =>
        DatasetDuplicates.Of(new MemoryImages(["x"], [.. images.Select(image => (image.Name, image.Data, 0))]));

    /// <summary>A few soft spots, whose places follow from the seed.</summary>
    private static RgbImage Picture(ulong seed)
    {
        var draw = new Tensors.Philox(seed, 11);
        var image = new RgbImage(64, 48);
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
            {
                var light = 0.0;
                for (var spot = 0UL; spot < 6; spot++)
                {
                    var (dx, dy) = (x - (64 * draw.Uniform(3 * spot)), y - (48 * draw.Uniform((3 * spot) + 1)));
                    light += 200 * draw.Uniform((3 * spot) + 2) * Math.Exp(-((dx * dx) + (dy * dy)) / 120);
                }

                image.Row(y).Slice(3 * x, 3).Fill((byte)Math.Min(240, light));
            }

        return image;
    }

    private static RgbImage Noisy(RgbImage image, int seed)
    {
        var draw = new Tensors.Philox((ulong)seed, 12);
        for (var i = 0; i < image.Pixels.Length; i++) image.Pixels[i] = (byte)Math.Min(255, image.Pixels[i] + draw.Integer((ulong)i, 8));
        return image;
    }

    private static RgbImage Half(RgbImage image)
    {
        var half = new RgbImage(image.Width / 2, image.Height / 2);
        for (var y = 0; y < half.Height; y++)
            for (var i = 0; i < half.Stride; i++)
            {
                var x = (i / 3 * 6) + (i % 3);
                half.Row(y)[i] = (byte)((image.Row(2 * y)[x] + image.Row(2 * y)[x + 3] + image.Row((2 * y) + 1)[x] + image.Row((2 * y) + 1)[x + 3] + 2) / 4);
            }

        return half;
    }

    private static byte[] Bmp(RgbImage image)
    {
        var bytes = new byte[54 + image.Pixels.Length];
        byte[] header = [(byte)'B', (byte)'M', 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, (byte)image.Width, 0,
            0, 0, unchecked((byte)-image.Height), 255, 255, 255, 1, 0, 24, 0];
        header.CopyTo(bytes, 0);
        for (var i = 0; i < image.Pixels.Length; i += 3) (bytes[54 + i], bytes[55 + i], bytes[56 + i]) = (
            image.Pixels[i + 2], image.Pixels[i + 1], image.Pixels[i]);
        return bytes;
    }
}
