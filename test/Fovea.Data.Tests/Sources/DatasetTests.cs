using Fovea.Data.Decoding;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Lists;

namespace Fovea.Data.Tests.Sources;

public sealed class DatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Distribution_is_what_pandas_describes()
    {
        // The definitions of pandas' describe(): ddof 1, linear interpolation.
        var row = Distribution.Of([100, 2, 1, 3, 2, 10]);

        Assert.Equal(6, row.Count);
        Assert.Equal(19.666667, row.Mean, 6);
        Assert.Equal(39.490083, row.Std, 6);
        Assert.Equal((1, 2, 2.5, 8.25, 100), (row.Min, row.Quartile1, row.Median, row.Quartile3, row.Max));
    }

    [Fact]
    public void Distribution_of_one_value_has_no_deviation() => Assert.True(double.IsNaN(Distribution.Of([5]).Std));

    [Fact]
    [Trait("row", "S0-08")]
    public void Statistics_count_classes_sizes_channels_and_formats()
    {
        using var jpeg = new JpegEncoder();
        _folder.Images("a", 3).Write("a/big.jpg", jpeg.Encode(Fixtures.Picture(300, 210)))
            .Write("b/grey.png", PngEncoder.EncodeGrey(new byte[70 * 50], 70, 50))
            .Write("b/upright.jpg", Fixtures.Bytes("jpeg-exif-6.jpg"))
            .Write("b/broken.png", [1, 2, 3]);

        var statistics = DatasetStatistics.Of(ClassFolders.OpenAll(_folder.Path).Images);

        Assert.Equal([("a", 4), ("b", 3)], statistics.Classes);
        Assert.Equal(3.5, statistics.ImagesPerClass.Mean);
        Assert.Equal(4, statistics.DistinctSizes);
        Assert.Equal(1, statistics.Sizes[(10, 24)]);
        Assert.Equal(5.0 / 6, statistics.SmallShare, 12);
        Assert.Equal((1, 5), (statistics.Channels[1], statistics.Channels[3]));
        Assert.Equal((2, 4), (statistics.Formats[ImageFormat.Jpeg], statistics.Formats[ImageFormat.Png]));
        Assert.Equal("b/broken.png", Assert.Single(statistics.Unreadable).Key);
        Assert.Equal((10, 300), (statistics.Widths.Min, statistics.Widths.Max));
    }

    [Fact]
    public void Check_lists_bad_images_in_order_and_moves_them_when_asked()
    {
        _folder.Images("a", 3).Images("b", 2).Write("a/001.png", []).Write("b/zz.jpg", Fixtures.Bytes("jpeg-444.jpg")[..200])
            .Write("b/named.jpg", Fixtures.Bytes("bmp-24.bmp"));
        var quarantine = _folder["away"];
        var source = ClassFolders.OpenAll(_folder.Path).Images;

        var looked = DatasetCheck.Run(source);
        var moved = DatasetCheck.Run(source, quarantine);

        Assert.Equal(["a/001.png", "b/zz.jpg"], looked.Bad.Select(bad => bad.Key));
        Assert.Contains("the file is empty (0 bytes)", looked.Bad[0].Message, StringComparison.Ordinal);
        Assert.Contains("named .jpg, but its content is BMP", Assert.Single(looked.Misnamed), StringComparison.Ordinal);
        Assert.Equal(Path.Join(quarantine, "b/zz.jpg"), moved.Bad[1].MovedTo);
        Assert.True(File.Exists(Path.Join(quarantine, "a/001.png")));
        Assert.False(File.Exists(_folder["a/001.png"]));
        Assert.Equal(2, File.ReadAllLines(Path.Join(quarantine, "quarantine.txt")).Length);
        Directory.Delete(quarantine, recursive: true);
        Assert.Empty(DatasetCheck.Run(ClassFolders.OpenAll(_folder.Path).Images).Bad);
    }

    [Fact]
    [Trait("row", "S0-09")]
    public void Split_can_be_written_as_files_links_and_lists_and_read_again()
    {
        _folder.Images("in/a", 20).Images("in/b", 5);
        var source = ClassFolders.OpenAll(_folder["in"]).Images;
        var split = DatasetSplit.Of(source, 0.1);
        Assert.Equal(["b"], split.InBoth);
        Assert.Equal((18 + 5, 2 + 5), (split.Train.Count, split.Validation.Count));

        foreach (var mode in (SplitMode[])[SplitMode.Copy, SplitMode.Link])
        {
            split.Write(_folder[$"out-{mode}"], mode);
            var read = ClassFolders.Open(_folder[$"out-{mode}"]);
            Assert.Equal((23, 7), (read.Train.Count, read.Validation.Count));
            var buffer = new ByteBuffer();
            read.Validation.Read(0, buffer);
            Assert.Equal(ImageFormat.Png, ImageHeader.Read(buffer.Span, "a").Format);
        }

        split.Write(_folder["out-lists"], SplitMode.Lists);
        var list = ImageLists.Read(_folder["out-lists/val.txt"], _folder["out-lists/classes.txt"], _folder["in"]);
        Assert.Equal(split.Validation.ClassNames, list.ClassNames);
        Assert.Equal(Enumerable.Range(0, 7).Select(split.Validation.Label), Enumerable.Range(0, 7).Select(list.Label));
        Assert.Equal(12, list.ReadHeader(3).Width);
    }

    [Fact]
    [Trait("row", "S0-09")]
    public void Split_follows_from_its_seed_and_the_names_of_the_classes()
    {
        _folder.Images("in/a", 20).Images("in/b", 30);
        var source = ClassFolders.OpenAll(_folder["in"]).Images;
        string[] Held(ulong seed)
        {
            var held = DatasetSplit.Of(source, 0.3, seed).Validation;
            return [.. Enumerable.Range(0, held.Count).Select(held.Key)];
        }

        Assert.Equal(Held(1), Held(1));
        Assert.NotEqual(Held(1), Held(2));
        int Of(string name) => Held(2).Count(key => key.StartsWith(name, StringComparison.Ordinal));
        Assert.Equal((6, 9), (Of("a/"), Of("b/")));
        var before = Held(1).Where(key => key.StartsWith("b/", StringComparison.Ordinal)).ToArray();
        _folder.Images("in/a", 25);
        source = ClassFolders.OpenAll(_folder["in"]).Images;
        Assert.Equal(before, Held(1).Where(key => key.StartsWith("b/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Split_is_not_written_over_anything()
    {
        _folder.Images("in/a", 20).Images("in/b", 5);
        var split = DatasetSplit.Of(ClassFolders.OpenAll(_folder["in"]).Images, 0.1);

        var e = Assert.Throws<DataException>(() => split.Write(_folder["in"], SplitMode.Copy));

        Assert.Contains("the folder is not empty", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.png 0\nb.png x", ":2: the label is «x»; wanted one of the 2 classes in ")]
    [InlineData("a.png 2", ":1: the label is 2; wanted 0 to 1")]
    [InlineData("\n", "the list is empty")]
    public void Malformed_list_is_refused_with_its_line(string lines, string message)
    {
        File.WriteAllText(_folder["list.txt"], lines);
        File.WriteAllText(_folder["classes.txt"], "cat 0\ndog 1\n");

        var e = Assert.Throws<DataException>(() => ImageLists.Read(_folder["list.txt"], _folder["classes.txt"]));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }
}
