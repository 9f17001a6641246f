namespace Fovea.Cli.Tests.Commands;

/// <summary>A disk that becomes full: the place is named with the room that there is, and nothing half-written stays.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public FullDiskTests() => _data = TinyData.Make(_folder, train: 40, validation: 10);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Drawn_pictures_leave_none_behind()
    {
        using var disk = SmallDisk.Mount(_folder, "64k");
        var shell = Shell.Run("data", "synth", "--classes", "3", "--images", "400", disk.Path("set"));
        Assert.Matches(
            $"^error: {disk.Path("set")}: the pictures cannot be written \\((after [0-9]+ pictures? of 400, )?"
            + $"the disk is full: [0-9]+ KiB free in {disk.Root}\\); "
            + "none of them is left; wanted a folder with room that can be written to\n$", shell.Error);
        Assert.Equal(1, shell.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Root));
    }

    [Theory]
    [InlineData("the split", "data", "split", "-o", "OUT", "--mode", "copy", "DATA")]
    [InlineData("the subset", "data", "longtail", "--factor", "2", "--mode", "copy", "DATA", "OUT")]
    public void Copied_images_leave_none_behind(string what, params string[] args)
    {
        using var disk = SmallDisk.Mount(_folder, "64k");
        var output = disk.Path("new", "set");
        var shell = Shell.Run([.. args.Select(word => word == "DATA" ? _data : word == "OUT" ? output : word)]);
        Assert.Matches(
            $"error: {output}: {what} cannot be written \\(the disk is full: [0-9]+ KiB free in {disk.Root}\\); nothing of it is left; "
            + "wanted a folder with room that can be written to\n$", shell.Error);
        Assert.Equal(1, shell.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Root));
    }

    [Fact]
    public void A_grid_tells_of_the_run_and_the_room_and_leaves_no_part_of_a_file()
    {
        using var disk = SmallDisk.Mount(_folder, "100k");
        var grid = _folder.Path("grid.yaml");
        File.WriteAllText(
            grid, "base: {model: {name: resnet20}, train: {epochs: 1, batch_size: 60}, data: {image_size: 32}}\ntricks:\n  a: optimizer=adamw\nseeds: [0]\n");
        var shell = Shell.Run("ablate", grid, "--data", _data, "-o", disk.Path("grid"));
        Assert.Equal(1, shell.Code);
        Assert.Matches($"error: .*{disk.Path("grid")}.*the disk is full: [0-9]+ KiB free in {disk.Root}", shell.Error);
        Assert.Empty(Directory.EnumerateFiles(disk.Root, "*.tmp", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
    }

    [Fact]
    public void A_picture_is_not_there_in_part()
    {
        using var disk = SmallDisk.Mount(_folder, "4k");
        var shell = Shell.Run("recipe", "plot", "-o", disk.Path("x.png"));
        Assert.Matches(
            $"^error: {disk.Path("x.png")}: the disk is full: [0-9]+ KiB free in {disk.Root}; what was there before is untouched\n$", shell.Error);
        Assert.Equal(1, shell.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Root));
    }
}
