using System.Text.Json;
using Fovea.Cli.Output;

namespace Fovea.Cli.Tests.Commands;

/// <summary>What <c>fovea predict</c> reads and writes.</summary>
public sealed class PredictTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _red;
    private readonly string _blue;
    private readonly string _bad;
    private readonly string[] _model;

    public PredictTests()
    {
        var data = TinyData.Make(_folder, train: 4, validation: 2);
        Assert.Equal(0, Shell.Run(["train", .. TinyData.Flags, "--data", data, "--out", _folder.Path("run"), "--set", "train.epochs=1"]).Code);
        _model = ["--run", _folder.Path("run")];
        (_red, _blue) = (_folder.Path("red, \"one\".png"), _folder.Path("blue.png"));
        File.Copy(Path.Combine(data, "val", "red", "000.png"), _red);
        File.Copy(Path.Combine(data, "val", "blue", "000.png"), _blue);
        _bad = _folder.Path("bad.png");
        File.WriteAllText(_bad, "no picture");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Comma_separated_values_have_a_line_for_each_image_with_its_classes_or_what_is_wrong()
    {
        var expected = Shell.Run(["predict", _red, _blue, .. _model, "--json"]).Json.GetProperty("images");
        var shell = Shell.Run(["predict", _red, _bad, _blue, .. _model, "--format", "csv", "--top", "2"]);
        Assert.Equal(1, shell.Code);
        var lines = shell.Out.Split('\n');
        Assert.Equal(("path,class_1,probability_1,class_2,probability_2,error", "", 5), (lines[0], lines[^1], lines.Length));
        Assert.Equal($"\"{_red.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{Best(expected[0])},", lines[1]);
        Assert.StartsWith($"{_bad},,,,,\"{_bad}: ", lines[2], StringComparison.Ordinal);
        Assert.Equal($"{_blue},{Best(expected[1])},", lines[3]);
        Assert.StartsWith($"error: {_bad}: ", shell.Error, StringComparison.Ordinal);

        static string Best(JsonElement image) => string.Join(',', image.GetProperty("predictions").EnumerateArray().Take(2).Select(
            row => FormattableString.Invariant($"{row.GetProperty("name").GetString()},{row.GetProperty("probability").GetSingle():F6}")));
    }

    [Fact]
    public void More_classes_than_there_are_have_no_columns()
    {
        var shell = Shell.Run(["predict", _red, .. _model, "--format", "csv", "--top", "100"]);
        Assert.StartsWith("path,class_1,probability_1,class_2,probability_2,class_3,probability_3,error\n", shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_json_are_those_of_the_one_object_and_go_into_a_file_as_well()
    {
        var images = Shell.Run(["predict", _red, _blue, .. _model, "--json"]).Json.GetProperty("images");
        var file = _folder.Path("out.jsonl");
        var shell = Shell.Run(["predict", _red, _bad, _blue, .. _model, "--format", "jsonl", "-o", file]);
        Assert.Equal((1, ""), (shell.Code, shell.Out));
        var lines = File.ReadAllLines(file).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal([images[0].GetRawText(), images[1].GetRawText()], [lines[0].GetRawText(), lines[2].GetRawText()]);
        Assert.Equal(_bad, lines[1].GetProperty("path").GetString());
        Assert.Contains("bad.png", lines[1].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("/dev/stdin")]
    public void Image_on_standard_input_is_classified(string name)
    {
        var expected = Shell.Run(["predict", _red, .. _model]);
        using var input = new MemoryStream(File.ReadAllBytes(_red));
        var (code, output, _) = WithInput(input, ["predict", name, .. _model]);
        Assert.Equal((0, expected.Out.Replace(_red, name, StringComparison.Ordinal)), (code, output));
    }

    [Fact]
    [Trait("row", "S2-08")]
    public void Images_are_copied_into_folders_of_their_classes_and_none_is_replaced()
    {
        var folder = _folder.Path("sorted");
        var expected = Shell.Run(["predict", _red, _blue, .. _model, "--json"]).Json.GetProperty("images").EnumerateArray()
            .Select(image => image.GetProperty("predictions")[0].GetProperty("name").GetString()!).ToArray();
        Assert.Equal(1, Shell.Run(["predict", _red, _bad, _blue, .. _model, "--sort-into", folder]).Code);
        Assert.Equal(0, Shell.Run(["predict", _red, .. _model, "--sort-into", folder, "--json"]).Code);
        Assert.Equal(File.ReadAllBytes(_red), File.ReadAllBytes(Path.Combine(folder, expected[0], Path.GetFileName(_red))));
        Assert.Equal(File.ReadAllBytes(_blue), File.ReadAllBytes(Path.Combine(folder, expected[1], "blue.png")));
        Assert.True(File.Exists(Path.Combine(folder, expected[0], $"{Path.GetFileNameWithoutExtension(_red)} (2).png")));
        Assert.Equal(3, Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length);
        Shell.Fails(2, $"--sort-into {_red}: is a file; wanted a folder", ["predict", _blue, .. _model, "--sort-into", _red]);
        Shell.Fails(
            2, $"--sort-into {folder}: lies in {_folder.Root}, whose images are read; wanted a folder beside it", ["predict", _folder.Root, .. _model, "--sort-into", folder]);
    }

    [Fact]
    public void Standard_input_without_an_image_is_told()
    {
        var (code, _, error) = WithInput(Stream.Null, ["predict", "-", .. _model]);
        Assert.Equal((1, "error: -: there is nothing on standard input; wanted an encoded image (JPEG, PNG, WebP, BMP)\n"), (code, error));
        Shell.Fails(2, "standard input is named twice; wanted once: it is one image", ["predict", "-", "/dev/stdin", .. _model]);
    }

    [Fact]
    public void List_of_paths_alone_names_images_like_the_command_line()
    {
        var list = _folder.Path("list.txt");
        File.WriteAllText(list, $"blue.png\n\n{_red}\n");
        var expected = Shell.Run(["predict", _blue, _red, .. _model]).Out;
        Assert.Equal((0, expected), (Shell.Run(["predict", list, .. _model]).Code, Shell.Run(["predict", list, .. _model]).Out));

        File.WriteAllText(list, "blue.png\nnone.png\n");
        var shell = Shell.Run(["predict", list, .. _model]);
        Assert.Equal(1, shell.Code);
        Assert.Contains("none.png", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_object_and_a_format_are_not_asked_for_together() => Shell.Fails(
        2, "--json prints one object on standard output; wanted it, or --format and --out", ["predict", _red, .. _model, "--json", "--format", "csv"]);

    private static (int Code, string Out, string Error) WithInput(Stream input, string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Tool.Run(args, new Terminal(output, error) { In = input }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
