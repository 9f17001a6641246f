using Fovea.Cli.Output;

namespace Fovea.Cli.Tests.Commands;

/// <summary>Classes whose names steer terminals or are as long as names may be.</summary>
public sealed class OddNamesTests : IDisposable
{
    private const string Steering = "a\tb\u001b[31mred";
    private const string Shown = "\"a\\tb\\u001b[31mred\"";
    private static readonly string s_long = $"begin{new string('x', 240)}end";

    private readonly TemporaryFolder _folder = new();

    public OddNamesTests()
    {
        foreach (var part in (string[])["train", "val"])
        {
            TinyData.Add(_folder.Path("data", part, Steering), 3, "red");
            TinyData.Add(_folder.Path("data", part, s_long), 3, "blue");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Statistics_quote_and_shorten_them_and_the_page_and_the_object_have_them_whole()
    {
        var shell = Shell.Run("data", "stats", _folder.Path("data"), "--html", _folder.Path("x.html"), "--plots", _folder.Path("plots"));
        AssertFit(shell.Out);
        Assert.Contains(Shown, shell.Out, StringComparison.Ordinal);
        var page = File.ReadAllText(_folder.Path("x.html"));
        Assert.Contains($"<td>{s_long}</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', page);
        Assert.Contains("overflow-wrap:anywhere", page, StringComparison.Ordinal);
        var json = Shell.Run("data", "stats", _folder.Path("data"), "--json").Out;
        Assert.Contains(s_long, json, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluations_and_predictions_quote_and_shorten_them_and_files_have_them_whole()
    {
        var run = _folder.Path("run");
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--data", _folder.Path("data"), "--out", run, "--set", "train.epochs=1"]).Code);
        string[] validate = ["validate", "--run", run, "--data", _folder.Path("data"), "--per-class", "--confusion"];
        var shell = Shell.Run([.. validate, "--pictures", _folder.Path("pictures")]);
        AssertFit(shell.Out);
        Assert.Contains(Shown, shell.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.Path("pictures", "confusion.png")));
        Assert.Contains(
            s_long, Shell.Run([.. validate, "--json"]).Json.GetProperty("per_class").EnumerateArray().Select(row => row.GetProperty("name").GetString()));

        string[] predict = ["predict", "--run", run, _folder.Path("data", "val", Steering, "000.png")];
        Assert.DoesNotContain(s_long, Shell.Run(predict).Out, StringComparison.Ordinal);
        Assert.Contains(s_long, Shell.Run([.. predict, "--format", "csv"]).Out, StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run([.. predict, "-o", _folder.Path("x.txt")]).Code);
        Assert.Contains(s_long, File.ReadAllText(_folder.Path("x.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_have_the_room_that_a_terminal_leaves_beside_the_numbers()
    {
        using var output = new StringWriter();
        Assert.Equal(60, new Terminal(output, output).NameWidth);
        Assert.InRange(new Terminal(output, output, OutIsTerminal: true).NameWidth, 16, 60);
    }

    private static void AssertFit(string text)
    {
        Assert.DoesNotContain(s_long, text, StringComparison.Ordinal);
        Assert.Contains("beginx", text, StringComparison.Ordinal);
        Assert.Contains("…", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\t', text);
    }
}
