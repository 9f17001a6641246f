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
        Assert.Equal(0, shell.Code);
        Assert.Contains("24 of 24 steps, up to learning rate 1: all rates were tried\n", shell.Out, StringComparison.Ordinal);
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
        Assert.Equal(
            ["valley", "steepest", "minimum_tenth"], first.Json.GetProperty("suggestions").EnumerateObject().Select(suggestion => suggestion.Name));
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

    [Fact]
    public void A_recipe_with_growing_images_is_tested_at_the_size_of_its_end()
    {
        string[] stages = ["--set", "data.progressive=[{until: 0.3, image_size: 16}, {until: 0.6, image_size: 24}]", "--set", "train.epochs=6"];
        var shell = Shell.Run(Command("lr", stages));
        Assert.Equal(0, shell.Code);
        Assert.Contains("data.progressive: the test takes images of 32×32, the size of the run's end, in every step\n", shell.Out, StringComparison.Ordinal);
        var (grown, plain) = (Shell.Run(Command("a", [.. stages, "--json"])).Json, Shell.Run(Command("b", "--set", "train.epochs=6", "--json")).Json);
        Assert.Equal(32, grown.GetProperty("image_size").GetInt32());
        Assert.Equal(plain.GetProperty("points").ToString(), grown.GetProperty("points").ToString());
    }

    [Fact]
    public void The_rate_to_take_is_one_line_and_what_does_not_count_is_said()
    {
        var (text, json) = (Shell.Run(Command("a")), Shell.Run(Command("b", "--json")).Json);
        var (take, suggestions) = (json.GetProperty("take"), json.GetProperty("suggestions"));
        var lines = text.Out.Split('\n');
        Assert.Equal(
            take.ValueKind == System.Text.Json.JsonValueKind.Null ? 0 : 1, lines.Count(line => line.StartsWith("take this: ", StringComparison.Ordinal)));
        Assert.Equal(json.GetProperty("left_out").GetArrayLength(), lines.Count(line => line.StartsWith("left out: ", StringComparison.Ordinal)));
        Assert.Equal(
            json.GetProperty("left_out").GetArrayLength(),
            suggestions.EnumerateObject().Count(rule => rule.Value.ValueKind == System.Text.Json.JsonValueKind.Null));
    }

    [Fact]
    public void Rates_that_change_nothing_give_no_advice_but_a_warning()
    {
        var shell = Shell.Run(["find-lr", .. TinyData.Flags, "--data", _data, "--out", _folder.Path("lr"), "--lowest", "1e-12", "--highest", "1e-9"]);
        Assert.Equal(0, shell.Code);
        Assert.DoesNotContain("take this", shell.Out, StringComparison.Ordinal);
        Assert.Contains("warning: the loss does not fall by more than chance over the rates that were tried; wanted", shell.Error, StringComparison.Ordinal);
        Assert.Contains("a larger train.batch_size, or no mixing (--set augment.mixing=[])\n", shell.Error, StringComparison.Ordinal);
    }
}
