using Fovea.Data.Sources;
using Fovea.Data.Sources.Lists;

namespace Fovea.Data.Tests.Sources;

/// <summary>Lists as people write them: every delimiter, quotes, headers, labels by number and by name.</summary>
public sealed class ImageListsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a b/1.png cat\nc.png dog\n", "space")]
    [InlineData("a b/1.png\tcat\nc.png\tdog\n", "tab")]
    [InlineData("a b/1.png,cat\nc.png,dog\n", "comma")]
    [InlineData("a b/1.png; cat\nc.png; dog\n", "semicolon")]
    [InlineData("a b/1.png|cat\r\nc.png|dog\r\n", "bar")]
    [InlineData("\"a b/1.png\",\"cat\"\n\"c.png\",\"dog\"", "quotes")]
    [InlineData("cat,a b/1.png\ndog,c.png\n", "the label first")]
    [InlineData("\ufeffpath,label\na b/1.png,cat\nc.png,dog\n", "a header and a byte order mark")]
    [InlineData("id,File Name,split,Label\n7,a b/1.png,train,cat\n8,c.png,train,dog\n", "a header of more columns")]
    [InlineData("class;class_id;image\ncat;1;a b/1.png\ndog;0;c.png\n", "a header with names beside numbers")]
    [InlineData("\n  a b/1.png    cat  \n\n\nc.png cat\nd.png dog", "blank lines and aligned columns")]
    public void List_is_read_with(string text, string what)
    {
        var images = Read(text);

        Assert.True(images.Key(0) == "a b/1.png", what);
        Assert.Equal("cat", images.ClassNames[images.Label(0)]);
        Assert.Equal(["cat", "dog"], images.ClassNames);
        Assert.Equal(1, images.Label(images.Count - 1));
        Assert.Equal(_folder["a b/1.png"], images.Path(0));
    }

    [Fact]
    public void Paths_with_backslashes_are_read_as_windows_means_them_where_only_that_is_there()
    {
        Directory.CreateDirectory(_folder["a"]);
        File.WriteAllText(_folder["a/1.png"], "");
        File.WriteAllText(_folder["b\\2.png"], "");
        var images = Read("a\\1.png,cat\nb\\2.png,dog\n");
        Assert.Equal(["a/1.png", "b\\2.png"], [images.Key(0), images.Key(1)]);
    }

    [Theory]
    [InlineData("a.png\n\n b c.JPG \n", "a.png", "b c.JPG")]
    [InlineData("a.png 1\nb.png\n")]
    [InlineData("a.png\nlabels.txt\n")]
    [InlineData("\n\n")]
    public void Lines_of_paths_alone_are_no_list_with_labels(string text, params string[] files)
    {
        var list = _folder["paths.txt"];
        File.WriteAllText(list, text);
        Assert.Equal(files, PathLists.TryRead(list)?.Select(file => Path.GetRelativePath(_folder[""], file)) ?? []);
    }

    [Fact]
    public void Quoted_field_may_hold_delimiters_quotes_and_line_ends()
    {
        var images = Read("path,label\n\"a, \"\"b\"\"/1.png\",\"big\n cat\"\n2.png,dog\n");

        Assert.Equal(["a, \"b\"/1.png", "2.png"], [images.Key(0), images.Key(1)]);
        Assert.Equal(["big\n cat", "dog"], images.ClassNames);
    }

    [Fact]
    public void Label_with_spaces_ends_behind_the_ending_of_the_image()
    {
        var images = Read("my dir/a 1.jpg traffic light\nb.JPEG stop sign\n");

        Assert.Equal(["my dir/a 1.jpg", "b.JPEG"], [images.Key(0), images.Key(1)]);
        Assert.Equal(["stop sign", "traffic light"], images.ClassNames);
    }

    [Fact]
    public void Space_in_the_label_of_a_comma_list_is_no_delimiter() => Assert.Equal(["red light", "stop"], Read("b.png,red light\nc.png,stop\n").ClassNames);

    [Theory]
    [InlineData("a.png 10\nb.png 2\nc.png 2\n")]
    [InlineData("a.png,10\nb.png,02\nc.png,2\n")]
    public void Numbers_without_names_are_classes_in_the_order_of_numbers(string text)
    {
        var images = Read(text);

        Assert.Equal(["2", "10"], images.ClassNames);
        Assert.Equal([1, 0, 0], Labels(images));
    }

    [Theory]
    [InlineData("cat\ndog\nbig bird\n", "a name on each line")]
    [InlineData("cat 0\ndog 1\nbig bird 2\n", "labels behind")]
    [InlineData("0 cat\n1 dog\n2 big bird\n", "labels before")]
    [InlineData("0,cat\n1,dog\n2,big bird\n", "labels before, with commas")]
    public void Class_file_gives_names_to_numbers_and_order_to_names(string classes, string what)
    {
        File.WriteAllText(_folder["classes.txt"], classes);
        File.WriteAllText(_folder["numbers.txt"], "a.png 2\nb.png 0\n");
        File.WriteAllText(_folder["names.txt"], "a.png big bird\nb.png cat\n");

        foreach (var list in (string[])["numbers.txt", "names.txt"])
        {
            var images = ImageLists.Read(_folder[list], _folder["classes.txt"]);
            Assert.True(images.ClassNames.SequenceEqual(["cat", "dog", "big bird"]), what);
            Assert.Equal([2, 0], Labels(images));
        }
    }

    [Fact]
    public void Names_that_end_in_their_number_are_names()
    {
        File.WriteAllText(_folder["classes.txt"], "class 0\nclass 1\n");
        Assert.Equal(["class 0", "class 1"], ClassNameFile.Read(_folder["classes.txt"]));
    }

    [Fact]
    public void Classes_that_are_called_by_numbers_are_meant_by_name()
    {
        File.WriteAllText(_folder["classes.txt"], "7\n3\n");
        File.WriteAllText(_folder["list.txt"], "a.png 3\nb.png 7\n");
        Assert.Equal([1, 0], Labels(ImageLists.Read(_folder["list.txt"], _folder["classes.txt"])));
    }

    [Theory]
    [InlineData("a.png 0\nb.png -1\n", ":2: the label is -1; wanted 0 or more")]
    [InlineData("a.png,cat\n,dog\n", ":2: the path is empty; wanted a path and a label")]
    [InlineData("path,label\na.png,cat\nb.png,\n", ":3: the label is empty; wanted")]
    [InlineData("a.png,cat\nb.png,dog,1\n", ":2: the line has 3 fields («b.png,dog,1»); wanted a path and a label")]
    [InlineData("a.png,cat,1\nb.png,dog,2\n", ":1: which of the 3 columns are path and label is not clear (a.png, cat, 1); wanted two columns, or a first line")]
    [InlineData("a.png,cat\n\"b.png,dog\n", ":2: a quoted field does not end; wanted a field in double quotes")]
    [InlineData("a.png,cat\n\"b\".png,dog\n", ":2: a quoted field goes on behind its quote; wanted a field in double quotes")]
    [InlineData("a.png cat\nb.png\n", ":2: the line is «b.png»; wanted a path and a label with a tab, comma, semicolon or space between them")]
    [InlineData("a.png cat\n./a.png dog\n", ":2: a.png stands on line 1 already; wanted each image once")]
    [InlineData("a.png cat\n../b.png dog\n", ":2: ../b.png leads out of ")]
    [InlineData("a.png cat\n/etc/b.png dog\n", ":2: /etc/b.png leads out of ")]
    public void Wrong_line_is_named(string text, string message) =>
        Assert.Contains($"list.txt{message}", Assert.Throws<DataException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("cat\ndog\ncat\n", ":3: cat stands on line 1 already; wanted each class once")]
    [InlineData("\n", ": the file of class names is empty; wanted a name on each line")]
    [InlineData("\"cat\ndog\n", ":1: the name is «\"cat»; wanted a name, or one in double quotes")]
    public void Wrong_class_file_is_named(string classes, string message)
    {
        File.WriteAllText(_folder["classes.txt"], classes);
        Assert.Contains(
            $"classes.txt{message}", Assert.Throws<DataException>(() => ClassNameFile.Read(_folder["classes.txt"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Label_that_the_class_file_lacks_is_named()
    {
        File.WriteAllText(_folder["classes.txt"], "cat\ndog\n");
        File.WriteAllText(_folder["list.txt"], "a.png cat\nb.png cow\n");
        var e = Assert.Throws<DataException>(() => ImageLists.Read(_folder["list.txt"], _folder["classes.txt"]));
        Assert.Equal($"{_folder["list.txt"]}:2: the label is «cow»; wanted one of the 2 classes in {_folder["classes.txt"]}", e.Message);
    }

    [Fact]
    public void Root_is_where_paths_begin_and_what_they_may_not_leave()
    {
        File.WriteAllText(_folder["list.txt"], $"x/a.png 0\n{_folder["pictures/b.png"]} 1\n");
        var images = ImageLists.Read(_folder["list.txt"], root: _folder["pictures"]);

        Assert.Equal(_folder["pictures/x/a.png"], images.Path(0));
        Assert.Equal("b.png", images.Key(1));
        Assert.Throws<DataException>(() => ImageLists.Read(_folder["list.txt"], root: _folder["pictures/x"]));
    }

    [Fact]
    public void Lists_that_share_their_classes_count_them_together()
    {
        File.WriteAllText(_folder["train.csv"], "a.png,cat\nb.png,dog\n");
        File.WriteAllText(_folder["val.csv"], "c.png,dog\n");
        var (images, areNumbers) = ImageLists.Read([_folder["train.csv"], _folder["val.csv"]]);

        Assert.False(areNumbers);
        Assert.Equal(1, images[1].Label(0));
        Assert.Equal(["cat", "dog"], images[1].ClassNames);
    }

    private static int[] Labels(ImageFiles images) => [.. Enumerable.Range(0, images.Count).Select(images.Label)];

    private ImageFiles Read(string text)
    {
        File.WriteAllText(_folder["list.txt"], text);
        return ImageLists.Read(_folder["list.txt"]);
    }
}
