using System.Globalization;
using System.Text.RegularExpressions;

namespace Fovea.Cli.Tests.Commands;

public sealed class LogStyleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_prints_the_lines_that_its_style_keeps_and_our_logs_stay()
    {
        var data = TinyData.Make(_folder);
        string[] run = ["train", "--data", data, "--out", _folder.Path("run"), .. TinyData.Flags, "--log-style", "swin"];
        var first = Shell.Run([.. run, "--set", "train.log_every=2"]);
        Assert.Equal(0, first.Code);
        var kept = File.ReadAllLines(_folder.Path("run", "log_rank0.txt"));
        Assert.Equal(kept, first.Out.Split('\n').Where(kept.Contains).SkipLast(1));
        Assert.Matches(@"\] \(main\.py 274\): INFO Train: \[1/2\]\[2/4\]\teta \d+:\d\d:\d\d lr 0\.\d{6}\ttime ", first.Out);
        Assert.Matches(@"grad_norm \d+\.\d{4} \(\d+\.\d{4}\)\tmem \d+MB", first.Out);
        Assert.True(File.Exists(_folder.Path("run", "metrics.csv")));
        Assert.Contains("\"kind\":\"step\"", File.ReadAllText(_folder.Path("run", "log.jsonl")), StringComparison.Ordinal);
        var longer = Shell.Run([.. run, "--resume", "--set", "train.epochs=3"]);
        Assert.Equal(0, longer.Code);
        Assert.Equal(kept, File.ReadAllLines(_folder.Path("run", "log_rank0.txt")).Take(kept.Length));
    }

    [Fact]
    public void A_file_that_a_style_would_write_over_is_somebody_elses_by_whatever_name_the_model_has()
    {
        var data = TinyData.Make(_folder);
        Assert.Equal(0, Shell.Run(["train", "--data", data, "--out", _folder.Path("first"), .. TinyData.Flags]).Code);
        Directory.CreateDirectory(_folder.Path("run"));
        File.WriteAllText(_folder.Path("run", "repvgg.yaml"), "mine");
        string[] again = ["train", "-c", TinyData.Plain, "--model", _folder.Path("first"), "--data", data, "--log-style", "mindcv"];
        Shell.Fails(
            1, $"{_folder.Path("run")}: holds repvgg.yaml, which no run has written here; choose another folder, or move it away",
            [.. again, "--out", _folder.Path("run")]);
        Assert.Equal("mine", File.ReadAllText(_folder.Path("run", "repvgg.yaml")));
    }

    [Theory]
    [InlineData("paddle", "log", "log/workerlog.0")]
    [InlineData("mindcv", "result.log/", "result.log")]
    public void What_stands_in_the_way_of_a_styles_files_is_told_before_the_run(string style, string way, string file)
    {
        var (data, run) = (TinyData.Make(_folder), Directory.CreateDirectory(_folder.Path("run")).FullName);
        if (way.EndsWith('/')) Directory.CreateDirectory(Path.Combine(run, way));
        else File.WriteAllText(Path.Combine(run, way), "mine");
        Shell.Fails(
            1, $"{run}: holds {file}, which no run has written here; choose another folder, or move it away",
            ["train", "--data", data, "--out", run, .. TinyData.Flags, "--log-style", style]);
    }

    [Fact]
    [Trait("row", "S1-04")]
    public void Validate_prints_what_each_system_prints_of_the_same_numbers()
    {
        var data = TinyData.Make(_folder);
        Assert.Equal(0, Shell.Run(["train", "--data", data, "--out", _folder.Path("run"), .. TinyData.Flags]).Code);
        string[] validate = ["validate", "--run", _folder.Path("run"), "--data", data, "--batch", "5"];
        var own = Shell.Run([.. validate, "--json"]).Json;
        var (top1, loss) = (own.GetProperty("top1").GetDouble(), own.GetProperty("loss").GetDouble());
        Tells("mindcv", @"^\{'Top_1_Accuracy': ([\d.]+), 'loss': ([\d.]+)\}$", 1);
        Tells("paddle", @"INFO: END epoch:0   valid top1: ([\d.]+), top5: 1\.00000, loss: ([\d.]+),  batch_cost: ", 1, 5);
        Tells("swin", @"INFO Only eval\. top-1 acc, top-5 acc, loss: ([\d.]+), 100\.000, ([\d.]+)$", 100, 5);
        Tells("cifar", @"valid_acc:([\d.]+) valid_loss:([\d.]+) valid_time:[\d.]+$", 1, 4, 3);
        var darknet = Shell.Run([.. validate, "--log-style", "darknet"]).Out;
        Assert.Equal(top1, Number(Regex.Match(darknet, @"\n11: top 1: ([\d.]+), top 3: 1\.000000\n").Groups[1]), 1e-6);

        void Tells(string style, string pattern, double scale, int lossDigits = 15, int shareDigits = 5)
        {
            var shell = Shell.Run([.. validate, "--log-style", style]);
            Assert.Equal(0, shell.Code);
            var match = Regex.Match(shell.Out, pattern, RegexOptions.Multiline);
            Assert.True(match.Success, shell.Out);
            var (share, nats) = (Number(match.Groups[1]) / scale, Number(match.Groups[2]));
            Assert.Equal(top1, share, Math.Pow(10, -shareDigits));
            Assert.Equal(loss, nats, Math.Pow(10, -lossDigits));
        }
    }

    private static double Number(Group found) => double.Parse(found.Value, CultureInfo.InvariantCulture);

    [Fact]
    public void A_style_that_there_is_not_is_refused_with_the_nearest() => Shell.Fails(
        2, "'fovea train': --log-style is 'padle'; wanted fovea or mindcv or paddle or swin or cifar or darknet; did you mean 'paddle'?",
        "train", "--data", "x", "--out", "y", "--log-style", "padle");
}
