using System.Text.Json;
using System.Text.RegularExpressions;
using Fovea.Models;

namespace Fovea.Cli.Tests;

/// <summary>The page on <c>--json</c> names the keys that are printed, and no others.</summary>
public sealed partial class OutputPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => _folder.Path("data");

    [Fact]
    public void Keys_of_the_page_are_those_that_train_validate_and_predict_print()
    {
        MakeData();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var stopped = Train(stop.Token, "repvgg", "a");
        Assert.Equal(130, stopped.Code);
        var done = Shell.Run("train", "--data", Data, "--out", _folder.Path("a"), "--resume", "--json");
        Compare("train", [Keys(stopped.Json), Printed(done), Printed(Train(CancellationToken.None, "repoptvgg_hs", "search"))]);

        string[] validate = ["validate", "--run", _folder.Path("a"), "--data", Data, "--json"];
        var three = Shell.Run("validate", "--run", Few(), "--data", _folder.Path("few"), "--json");
        Compare("validate", [Printed(Shell.Run(validate)), Printed(Shell.Run([.. validate, "--confusion"])), Printed(three)]);

        File.WriteAllText(_folder.Path("bad.png"), "no picture");
        string[] predict = ["predict", Path.Combine(Data, "val", "c0", "000.png"), _folder.Path("bad.png"), "--run", _folder.Path("a")];
        Compare("predict", [Keys(Shell.Run([.. predict, "--json"]).Json)]);
        var lines = Shell.Run([.. predict, "--format", "jsonl"]).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Compare("predict --format jsonl", [.. lines.Select(line => Keys(JsonDocument.Parse(line).RootElement))]);
    }

    [Fact]
    public void Keys_of_the_page_are_those_that_convert_prints()
    {
        var row = ModelCatalog.Find("repvgg_n1");
        var weights = ForeignWeights.Drawn(row.Build(new() { Classes = 3, ImageSize = 32 })).Select(entry => (entry.Key, entry.Value)).ToList();
        var source = _folder.Path("w.pth");
        ForeignWeights.Write(source, weights);
        string[] convert = ["convert", source, _folder.Path("b.pth"), "--model", "repvgg_n1", "--image-size", "32", "--json"];
        var (plain, folded) = (Printed(Shell.Run(convert)), Printed(Shell.Run([.. convert, "--deploy"])));
        ForeignWeights.Write(source, weights[1..]);
        var refused = Shell.Run(convert);
        Assert.Equal(2, refused.Code);
        Compare("convert", [plain, folded, Keys(refused.Json)]);
    }

    private Shell Train(CancellationToken stop, string model, string run) =>
        Shell.Run(stop, ["train", .. TinyData.Flags.Skip(2), "--model", model, "--data", Data, "--out", _folder.Path(run), "--json"]);

    /// <summary>Six classes, of which top-5 says something.</summary>
    private void MakeData()
    {
        for (var c = 0; c < 6; c++)
        {
            TinyData.Add(Path.Combine(Data, "train", $"c{c}"), 3, TinyData.Classes[c % 3]);
            TinyData.Add(Path.Combine(Data, "val", $"c{c}"), 2, TinyData.Classes[c % 3]);
        }
    }

    /// <summary>A run on three classes.</summary>
    private string Few()
    {
        TinyData.Make(_folder, name: "few");
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--data", _folder.Path("few"), "--out", _folder.Path("b")]).Code);
        return _folder.Path("b");
    }

    private static HashSet<string> Printed(Shell shell)
    {
        Assert.True(shell.Code == 0, shell.Error);
        return Keys(shell.Json);
    }

    /// <summary>What is always there is in all that was printed; what is there sometimes, in some of it and not in all; nothing else is.</summary>
    private static void Compare(string section, HashSet<string>[] printed)
    {
        var documented = Documented(section);
        Assert.Equal(printed.SelectMany(keys => keys).Distinct().Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        foreach (var (key, always) in documented)
            Assert.True(printed.All(keys => keys.Contains(key)) == always, $"{section}: whether '{key}' is always there is not as the page says");
    }

    private static Dictionary<string, bool> Documented(string section)
    {
        var page = File.ReadAllText(Repository.Path("docs/output.md"));
        var text = page.Split("\n## ").Single(part => part.StartsWith($"{section}\n", StringComparison.Ordinal));
        return Row().Matches(text)
            .SelectMany(row => row.Groups["key"].Captures.Select(key => (key.Value, row.Groups["there"].Value == "always"))).ToDictionary();
    }

    /// <summary>All keys, with their path: <c>images[].path</c>.</summary>
    private static HashSet<string> Keys(JsonElement element, string path = "") => element.ValueKind switch
    {
        JsonValueKind.Object => [.. element.EnumerateObject().SelectMany(member =>
        {
            var key = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            return (IEnumerable<string>)[key, .. Keys(member.Value, key)];
        })],
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(item => Keys(item, $"{path}[]"))],
        _ => [],
    };

    [GeneratedRegex(@"^\| (?:`(?<key>[^`]+)`(?:, )?)+ \| (?<there>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
