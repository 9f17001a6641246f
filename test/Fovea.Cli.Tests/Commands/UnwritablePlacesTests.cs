namespace Fovea.Cli.Tests.Commands;

/// <summary>Every command that writes, into places where nothing can be written: one line that names what was asked for and why it cannot be.</summary>
public sealed class UnwritablePlacesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public UnwritablePlacesTests()
    {
        _data = TinyData.Make(_folder);
        File.WriteAllText(_folder.Path("file"), "");
        File.CreateSymbolicLink(_folder.Path("link"), "gone");
    }

    public static TheoryData<string, string> Folders => new MatrixTheoryData<string, string>(
        [
            "data stats DATA --headers --plots", "data synth --classes 2 --images 16", "data split DATA -o", "data longtail DATA",
            "train TINY --data DATA --out", "find-lr TINY --steps 10 --data DATA -o", "ablate GRID --data DATA -o",
        ],
        ["/proc/none", "FOLDER/file/run", "FOLDER/link"]);

    public static TheoryData<string, string> Files => new MatrixTheoryData<string, string>(
        ["recipe plot -o|.png", "data preview TINY --data DATA -o|.png", "data stats DATA --headers --html|.html"],
        ["/proc/none", "FOLDER/file/x", "FOLDER/none/x", "FOLDER/link/x"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_is_named_with_the_reason(string command, string place)
    {
        var folder = In(place);
        AssertTold(Shell.Run([.. Words(command), folder]), folder, place);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_named_with_the_reason(string command, string place)
    {
        var file = In(place) + command[(command.IndexOf('|', StringComparison.Ordinal) + 1)..];
        AssertTold(Shell.Run([.. Words(command[..command.IndexOf('|', StringComparison.Ordinal)]), file]), file, place);
    }

    private void AssertTold(Shell shell, string given, string place)
    {
        var error = Assert.Single(shell.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.InRange(shell.Code, 1, 2);
        Assert.Contains(given, error, StringComparison.Ordinal);
        Assert.Contains(
            place switch
            {
                "/proc/none" => "nothing can be created in /proc",
                "FOLDER/none/x" => $"the folder {_folder.Path("none")} does not exist",
                _ when place.Contains("link", StringComparison.Ordinal) => "is a link to gone, which does not exist",
                _ => $"{_folder.Path("file")} is a file, not a folder",
            },
            error, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Could not find", error, StringComparison.Ordinal);
    }

    private string In(string place) => place.Replace("FOLDER", _folder.Root, StringComparison.Ordinal);

    private IEnumerable<string> Words(string command) => command.Split(' ').SelectMany(word => (string[])(word switch
    {
        "DATA" => [_data],
        "TINY" => TinyData.Flags,
        "GRID" => [Grid()],
        _ => [word],
    }));

    private string Grid()
    {
        var grid = _folder.Path("grid.yaml");
        File.WriteAllText(
            grid, "base: {model: {name: resnet20}, train: {epochs: 1}, data: {image_size: 32}}\ntricks:\n  a: train.batch_size=8\nseeds: [0]\n");
        return grid;
    }
}
