using System.Text.RegularExpressions;

namespace Fovea.Formats.Tests;

public sealed class AtomicFileTests
{
    [Fact]
    public void Check_sees_the_whole_new_content_and_keeps_the_old_when_it_throws()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Path("a"), "old");
        void Check(string path)
        {
            Assert.Equal("new", File.ReadAllText(path));
            throw new InvalidOperationException("not good enough");
        }

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder.Path("a"), stream => stream.Write("new"u8), Check));
        Assert.Equal(["a"], folder.Names);
        Assert.Equal("old", File.ReadAllText(folder.Path("a")));
    }

    [Fact]
    public void Content_is_replaced_as_a_whole_and_nothing_else_is_left()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder.Path("f"), stream => stream.Write("old content"u8));
        AtomicFile.Write(folder.Path("f"), stream =>
        {
            stream.Write("new"u8);
            Assert.Equal("old content", File.ReadAllText(folder.Path("f")));
        });
        Assert.Equal("new", File.ReadAllText(folder.Path("f")));
        Assert.Equal(["f"], folder.Names);
    }

    [Fact]
    public void A_device_is_not_replaced()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.Path("f"), "/dev/null");
        foreach (var path in new[] { "/dev/full", folder.Path("f") })
            Assert.Equal(
                $"{path}: is a pipe, a socket or a device; wanted the path of a file",
                Assert.Throws<IOException>(() => AtomicFile.Write(path, stream => stream.Write("new"u8))).Message);
    }

    [Theory]
    [InlineData('n')]
    [InlineData('é')]
    public void Names_as_long_as_names_may_be_are_written_and_their_leftovers_found(char letter)
    {
        using var folder = new TemporaryFolder();
        var name = new string(letter, letter == 'n' ? 255 : 127);
        AtomicFile.Write(folder.Path(name), stream => stream.Write("new"u8));
        Assert.Equal([name], folder.Names);
        string? left = null;
        AtomicFile.Write(folder.Path(name), _ => left = folder.Names.Single(other => other != name));
        File.WriteAllText(folder.Path(left!), "half");
        Assert.Equal(1, AtomicFile.DeleteLeftovers(folder.Path(name)));
        Assert.Equal([name], folder.Names);
    }

    [Fact]
    public void Failure_leaves_the_old_content_and_no_temporary_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Path("f"), "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder.Path("f"), stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(folder.Path("f")));
        Assert.Equal(["f"], folder.Names);
    }

    [Fact]
    public void Full_disk_is_called_so()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Path("f"), "old");
        var failure = Assert.Throws<IOException>(() => AtomicFile.Write(folder.Path("f"), _ =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.WriteByte(0);
        }));
        Assert.Matches(
            $"^{Regex.Escape(folder.Path("f"))}: the disk is full: [0-9]+ [KM]iB free in .*; what was there before is untouched$",
            failure.Message);
        Assert.Equal("old", File.ReadAllText(folder.Path("f")));
        Assert.Equal(["f"], folder.Names);
    }

    [Fact]
    public void Missing_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        var failure = Assert.Throws<IOException>(() => AtomicFile.Write(folder.Path("absent/f"), _ => { }));
        Assert.Equal($"{folder.Path("absent/f")}: the folder {folder.Path("absent")} does not exist", failure.Message);
    }

    [Theory]
    [InlineData("nothing can be created in /proc", "/proc/fovea.png")]
    [InlineData("{0}/file is a file, not a folder", "{0}/file/x/y.png")]
    [InlineData("{0}/link is a link to gone, which does not exist", "{0}/link/y.png")]
    [InlineData("the name is longer than {0} can hold", "{0}/toolong")]
    public void The_file_that_was_asked_for_is_named_and_never_a_temporary_one(string reason, string path)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Path("file"), "");
        File.CreateSymbolicLink(folder.Path("link"), "gone");
        string In(string text) => text.Replace("{0}", folder.Path("x")[..^2], StringComparison.Ordinal)
            .Replace("toolong", new('é', 200), StringComparison.Ordinal);
        var failure = Assert.Throws<IOException>(() => AtomicFile.Write(In(path), stream => stream.WriteByte(0)));
        Assert.Equal($"{In(path)}: {In(reason)}", failure.Message);
    }

    [Fact]
    public void Folder_in_the_place_of_the_file_is_named()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path("f"));
        var failure = Assert.Throws<IOException>(() => AtomicFile.Write(folder.Path("f"), stream => stream.WriteByte(0)));
        Assert.Equal($"{folder.Path("f")}: is a folder; wanted the path of a file", failure.Message);
        Assert.Equal(["f"], folder.Names);
    }

    [Fact]
    public void Folder_without_permission_is_named()
    {
        var failure = Assert.Throws<IOException>(() => AtomicFile.Write("/sys/fovea-test", _ => { }));
        Assert.Contains(
            failure.Message,
            (string[])["/sys/fovea-test: no permission to create files in /sys", "/sys/fovea-test: /sys is on a read-only file system"]);
    }

    [Fact]
    public void Leftovers_of_killed_writers_are_deleted_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["f", ".f.12345678.abc.tmp", ".f.tmp", ".g.12345678.abc.tmp", ".f.12345678.abc.tmp.bak"])
            File.WriteAllText(folder.Path(name), "");
        Assert.Equal(1, AtomicFile.DeleteLeftovers(folder.Path("f")));
        Assert.Equal([".f.12345678.abc.tmp.bak", ".f.tmp", ".g.12345678.abc.tmp", "f"], folder.Names.Order(StringComparer.Ordinal));
        Assert.Equal(0, AtomicFile.DeleteLeftovers(folder.Path("absent/f")));
    }

    [Fact]
    public void Temporary_file_of_a_writer_is_what_leftovers_look_like()
    {
        using var folder = new TemporaryFolder();
        var temporary = "";
        AtomicFile.Write(folder.Path("f"), _ => temporary = folder.Names.Single());
        File.WriteAllText(folder.Path(temporary), "");
        Assert.Equal(1, AtomicFile.DeleteLeftovers(folder.Path("f")));
        Assert.Equal(["f"], folder.Names);
    }
}
