using System.Globalization;

namespace Fovea.Cli.Tests.Commands;

public sealed class FindRateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public FindRateTests() => _data = TinyData.Make(_folder);

    public void Dispose() => _folder.Dispose();

    private string[] Command(string output, params string[] more) =>
        ["find-lr", .. TinyData.Flags, "--data", _data, "--out", _folder.Path(output), "--steps", "24", "--highest", "1", .. more];

    [Fact]
    public void A_test_writes_a_table_and_a_picture_and_leaves_nothing_else()
    {
        var before = Directory.GetFileSystemEntries(_data, "*", SearchOption.AllDirectories);
        var shell = Shell.Run(Command("lr"));
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Contains("suggestion  optimizer.learning_rate  rule\n", shell.Out, StringComparison.Ordinal);
        Assert.Equal(["lr.csv", "lr.png"], Directory.GetFileSystemEntries(_folder.Path("lr")).Select(Path.GetFileName).Order());
        Assert.Equal(["data", "lr"], Directory.GetFileSystemEntries(_folder.Path(".")).Select(Path.GetFileName).Order());
        Assert.Equal(before, Directory.GetFileSystemEntries(_data, "*", SearchOption.AllDirectories));
        var picture = Fovea.Data.Decoding.ImageHeader.Read(File.ReadAllBytes(_folder.Path("lr", "lr.png")), "lr.png");
        Assert.Equal((1100, 650), (picture.Width, picture.Height));
    }

    [Fact]
    public void The_object_and_the_table_say_the_same_and_follow_from_the_seed()
    {
        var (first, again) = (Shell.Run(Command("a", "--json")), Shell.Run(Command("b", "--json")));
        var points = first.Json.GetProperty("points");
        Assert.Equal(points.ToString(), again.Json.GetProperty("points").ToString());
        Assert.Equal(File.ReadAllText(_folder.Path("a", "lr.csv")), File.ReadAllText(_folder.Path("b", "lr.csv")));
        var lines = File.ReadAllLines(_folder.Path("a", "lr.csv"));
        Assert.Equal("step,learning_rate,applied_rate,loss,smoothed_loss", lines[0]);
        Assert.Equal(points.GetArrayLength(), lines.Length - 1);
        var row = lines[3].Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal((3, points[2].GetProperty("loss").GetDouble()), ((int)row[0], row[3]));
        Assert.Equal(1e-7 * Math.Pow(1e7, 2 / 23.0), row[1], 1e-15);
        foreach (var name in (string[])["valley", "steepest", "minimum_tenth"])
            Assert.InRange(first.Json.GetProperty("suggestions").GetProperty(name).GetDouble(), 1e-9, 1);
        Assert.Equal("completed", first.Json.GetProperty("end").GetString());
    }

    [Fact]
    public void With_the_linear_rule_the_rate_to_put_into_the_recipe_is_told_beside_the_applied_one()
    {
        var shell = Shell.Run(Command("lr", "--set", "optimizer.linear_rule_batch=3", "--linear", "--json"));
        var last = shell.Json.GetProperty("points").EnumerateArray().Last();
        Assert.Equal(2 * last.GetProperty("learning_rate").GetDouble(), last.GetProperty("applied_rate").GetDouble(), 1e-9);
        var text = Shell.Run(Command("text", "--set", "optimizer.linear_rule_batch=3"));
        Assert.Contains(
            "rates are those of optimizer.learning_rate; updates are made with 2 times as much (linear_rule_batch 3)\n", text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_images_are_skipped_where_the_recipe_says_so_and_never_moved()
    {
        var bad = Path.Combine(_data, "train", "red", "000.png");
        File.WriteAllText(bad, "no picture");
        var shell = Shell.Run(Command("lr", "--set", "data.bad_images=quarantine"));
        Assert.Equal(0, shell.Code);
        Assert.Contains("(skipped; 1 so far)", shell.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(bad));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path("lr")).Length);
    }

    [Fact]
    public void Flags_that_cannot_be_are_refused()
    {
        void Fails(string message, params string[] more) => Shell.Fails(2, message, ["find-lr", .. TinyData.Flags, "--data", _data, .. more]);
        Fails("--highest is 0.1; wanted more than --lowest, which is 0.5", "--lowest", "0.5", "--highest", "0.1");
        Fails("--steps is 5; wanted at least 10", "--steps", "5");
        Fails("--lowest is 0; wanted at least 1E-30", "--lowest", "0");
        Fails($"--out {_data}/lr.csv: it lies in the data folder {_data}; wanted a file beside it", "--out", _data);
        Shell.Fails(2, "'fovea find-lr' wants -c FILE, a recipe ('fovea recipe list' lists some), or at least --model NAME", "find-lr", "--data", _data);
    }
}
