using System.Globalization;
using System.Text.RegularExpressions;
using Fovea.Darknet;

namespace Fovea.Cli.Tests.Darknet;

/// <summary>Darknet's commands for classifiers: its files in, its lines and files of weights out, and a run of ours beside them.</summary>
public sealed class ClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;
    private readonly string _cfg;

    public ClassifierTests()
    {
        var pictures = TinyData.Make(_folder, train: 8, validation: 4);
        List("train.list", Path.Combine(pictures, "train"));
        List("valid.list", Path.Combine(pictures, "val"));
        File.WriteAllLines(_folder.Path("labels.list"), TinyData.Classes);
        File.WriteAllLines(_folder.Path("names.list"), ["sky", "grass", "rose"]);
        _data = _folder.Path("tiny.data");
        File.WriteAllText(
            _data, $"classes = 3\ntrain = train.list\nvalid = valid.list\nlabels = labels.list\nnames = names.list\nbackup = {_folder.Path("backup")}\ntop = 2\n");
        _cfg = _folder.Path("tiny.cfg");
        File.WriteAllText(_cfg, TinyNetwork.Cfg(maxBatches: 12));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("row", "S4-06")]
    public void A_training_prints_Darknets_lines_and_leaves_its_files_and_a_run()
    {
        var shell = Shell.Run("classifier", "train", _data, _cfg, "-topk", "-dont_show", "-gpus", "0", "-i", "0", "-dontuse_opencv");
        Assert.Equal(0, shell.Code);
        Assert.DoesNotContain("error: ", shell.Error, StringComparison.Ordinal);
        Assert.Contains("   0 conv      4       3 x 3/ 2     16 x  16 x   3 ->    8 x   8 x   4 0.000 BF\n", shell.Out, StringComparison.Ordinal);
        Assert.Contains("\nLearning Rate: 0.1, Momentum: 0.9, Decay: 0.0005\n24\n", shell.Out, StringComparison.Ordinal);
        var updates = Regex.Matches(
            shell.Out, @"^(\d+), (\d+\.\d{3}): (\d+\.\d{6}), (\d+\.\d{6}) avg, (\d\.\d{6}) rate, \d+\.\d{6} seconds, (\d+) images, \d+\.\d{6} hours left$",
            RegexOptions.Multiline);
        Assert.Equal(Enumerable.Range(1, 12), updates.Select(update => Number(update, 1)).Select(number => (int)number));
        Assert.Equal(Enumerable.Range(1, 12).Select(i => i * 8.0), updates.Select(update => Number(update, 6)));
        // Burn-in: rate · (i / 4)^4, then constant.
        Assert.Equal([0.000391, 0.00625, 0.031641, 0.1, 0.1], updates.Take(5).Select(update => Number(update, 5)));
        Assert.Matches(@"\n accuracy top2 = [01]\.\d{6} \n", shell.Out);

        var final = WeightsReader.Read(_folder.Path("backup", "tiny_final.weights"), DarknetNetwork.Read(_cfg));
        Assert.Equal(96UL, final.Header.Seen);
        Assert.Equal(File.ReadAllBytes(_folder.Path("backup", "tiny_last.weights")), File.ReadAllBytes(_folder.Path("backup", "tiny_final.weights")));
        Assert.Equal("\x89PNG"u8.ToArray().Skip(2), File.ReadAllBytes(_folder.Path("backup", "chart_tiny.png")).Skip(1).Take(3));
        Assert.True(File.Exists(_folder.Path("backup", "tiny", "checkpoints", "latest.safetensors")));
    }

    [Fact]
    [Trait("row", "S4-06")]
    public void The_same_command_goes_on_with_a_run_and_other_weights_do_not()
    {
        Assert.Equal(0, Shell.Run("classifier", "train", _data, _cfg).Code);
        var last = _folder.Path("backup", "tiny_last.weights");
        var again = Shell.Run("classifier", "train", _data, _cfg, last, "--set", "train.steps=15");
        Assert.Equal(0, again.Code);
        Assert.Matches(@"\n15, \d+\.\d{3}: ", again.Out);
        Assert.DoesNotMatch(@"\n12, \d+\.\d{3}: ", again.Out);
        Shell.Fails(
            2, $"{_folder.Path("backup", "tiny")}: a run is there already; wanted no WEIGHTS and no -clear, to go on with it, or --out DIR for another",
            "classifier", "train", _data, _cfg, last, "-clear");
    }

    [Fact]
    [Trait("row", "S4-06")]
    public void A_run_goes_on_with_options_of_the_cfg_that_changed_and_not_with_other_layers()
    {
        Assert.Equal(0, Shell.Run("classifier", "train", _data, _cfg).Code);
        File.WriteAllText(_cfg, TinyNetwork.Cfg(maxBatches: 15));
        Assert.Matches(@"\n15, \d+\.\d{3}: ", Shell.Run("classifier", "train", _data, _cfg).Out);
        File.WriteAllText(_cfg, File.ReadAllText(_cfg).Replace("filters=4", "filters=5", StringComparison.Ordinal));
        var run = _folder.Path("backup", "tiny");
        Shell.Fails(
            2, $"{_cfg}: its layers are others than those of the run, {Path.Combine(run, "network.cfg")}; wanted the same, or --out DIR for another run",
            "classifier", "train", _data, _cfg);
    }

    [Fact]
    [Trait("row", "S4-02")]
    public void Weights_beside_a_cfg_serve_to_evaluate_and_training_takes_only_those_that_it_is_given()
    {
        Assert.Equal(0, Shell.Run("classifier", "train", _data, _cfg).Code);
        File.Copy(_folder.Path("backup", "tiny_final.weights"), _folder.Path("tiny.weights"));
        var evaluated = Shell.Run("validate", "--model", _cfg, "--data", _folder.Path("data"));
        Assert.Contains($"{_cfg}: the weights are those beside it, {_folder.Path("tiny.weights")}\n", evaluated.Error, StringComparison.Ordinal);
        var trained = Shell.Run("classifier", "train", _data, _cfg, "--out", _folder.Path("anew"));
        Assert.Equal(0, trained.Code);
        Assert.DoesNotContain("the weights are those beside it", trained.Error, StringComparison.Ordinal);
        Assert.StartsWith("WEIGHTS are missing", Shell.Run("classifier", "valid", _data, _cfg).Error.Replace("error: ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "S4-06")]
    public void A_batch_of_more_images_than_there_are_is_told_and_may_be_smaller()
    {
        File.WriteAllText(_cfg, TinyNetwork.Cfg(maxBatches: 3).Replace("batch=8\n", "batch=64\n", StringComparison.Ordinal));
        var refused = Shell.Run("classifier", "train", _data, _cfg);
        Assert.Equal((1, "error: data: 24 images make no batch of 32; wanted a batch_size of at most 24, or drop_last: false\n"), (refused.Code, refused.Error));
        Assert.Matches(@"\n3, \d+\.\d{3}: .* 72 images, ", Shell.Run("classifier", "train", _data, _cfg, "--set", "train.drop_last=false").Out);
    }

    [Fact]
    [Trait("row", "S4-06")]
    public void Evaluation_has_a_line_for_each_image_and_prediction_the_names()
    {
        Assert.Equal(0, Shell.Run("classifier", "train", _data, _cfg).Code);
        var weights = _folder.Path("backup", "tiny_final.weights");
        var valid = Shell.Run("classifier", "valid", _data, _cfg, weights);
        Assert.Equal(0, valid.Code);
        var lines = Regex.Matches(valid.Out, @"^(\d+): top 1: (\d\.\d{6}), top 2: (\d\.\d{6})$", RegexOptions.Multiline);
        Assert.Equal(Enumerable.Range(0, 12), lines.Select(line => (int)Number(line, 1)));
        var json = Shell.Run("classifier", "valid", _data, _cfg, weights, "--json").Json;
        Assert.Equal(json.GetProperty("top1").GetDouble(), Number(lines[^1], 2), 6);

        var image = _folder.Path("data", "val", "red", "000.png");
        var predicted = Shell.Run("classifier", "predict", _data, _cfg, weights, image, "-t", "3");
        Assert.Matches(
            $"^ classes = 3, output in cfg = 3 \n16 16\n{Regex.Escape(image)}: Predicted in \\d+\\.\\d{{6}} milli-seconds\\.\n"
            + "((sky|grass|rose): [01]\\.\\d{6}\n){3}$", predicted.Out);
        Assert.Equal(1, Shell.Run("classifier", "predict", _data, _cfg, weights, _data).Code);
    }

    [Fact]
    [Trait("row", "S4-09")]
    public void Weights_go_into_another_format_and_back_to_the_byte_and_a_part_of_them_begins_a_run()
    {
        Assert.Equal(0, Shell.Run("classifier", "train", _data, _cfg).Code);
        var (weights, tensors, back) = (_folder.Path("backup", "tiny_final.weights"), _folder.Path("t.safetensors"), _folder.Path("b.weights"));
        Assert.Equal(0, Shell.Run("convert", weights, tensors, "--model", _cfg).Code);
        Assert.Equal(0, Shell.Run("convert", tensors, back, "--model", _cfg).Code);
        const int header = 20, firstLayer = 4 * (4 + 4 + 4 + 4 + (4 * 3 * 3 * 3));
        Assert.Equal(File.ReadAllBytes(weights)[header..], File.ReadAllBytes(back)[header..]);
        Assert.Equal(0, Shell.Run("convert", weights, back, "--model", _cfg).Code);
        Assert.Equal(File.ReadAllBytes(weights), File.ReadAllBytes(back));
        File.WriteAllText(back, "my notes on weights");
        Shell.Fails(
            2, $"{back}: stands there already and is not a file of weights of Darknet; remove it, or choose another name",
            "convert", tensors, back, "--model", _cfg);

        var part = _folder.Path("tiny.conv.1");
        File.WriteAllBytes(part, File.ReadAllBytes(weights)[..(header + firstLayer)]);
        var shell = Shell.Run("classifier", "train", _data, _cfg, part, "--out", _folder.Path("other"));
        Assert.Equal(0, shell.Code);
        Assert.Contains($"{part}: 2 tensors are new (the file has the first 1 layer): 1.biases, 1.weights\n", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "S4-01")]
    public void Costs_of_a_cfg_have_Darknets_total_and_with_layers_its_table()
    {
        Assert.Contains("\nTotal BFLOPS 0.000 \navg_outputs = 150 \n", Shell.Run("cost", _cfg).Out, StringComparison.Ordinal);
        Assert.Contains("\n   layer   filters  size/strd(dil)      input                output\n   0 conv ", Shell.Run("cost", _cfg, "--layers").Out, StringComparison.Ordinal);
        // 2 · 108 weights · 8 · 8 places and 2 · 12 · 8 · 8.
        Assert.Equal(15360e-9, Shell.Run("cost", _cfg, "--json").Json.GetProperty("models")[0].GetProperty("bflops").GetDouble(), 1e-12);
    }

    [Fact]
    [Trait("row", "S4-07")]
    public void A_classifier_in_the_wrong_command_is_told_the_right_one()
    {
        Shell.Fails(
            2, $"{_cfg} is a classifier of 3 classes, and 'detector' is for another task; wanted 'fovea classifier predict coco.data {_cfg} w.weights IMAGE', "
                + "where coco.data says classes=3",
            "detector", "test", "coco.data", _cfg, "w.weights", "-ext_output", "dog.jpg");
        Shell.Fails(2, "'yolo' is a command of Darknet for another task; wanted 'fovea classifier train|valid|predict DATA CFG …'", "yolo", "test", "none.cfg");
        File.WriteAllText(_data, File.ReadAllText(_data).Replace("classes = 3", "classes = 2", StringComparison.Ordinal));
        Shell.Fails(
            2, $"{_data} says classes=2, the last layer of {_cfg} makes 3 numbers; wanted as many: classes=3, or filters=2 in the last layer with weights "
                + "(output=2 where it is [connected])",
            "classifier", "train", _data, _cfg);
    }

    [Fact]
    public void Files_that_are_missing_are_named_with_what_was_wanted()
    {
        Shell.Fails(2, "none.data: there is no such file; wanted a .data file, Darknet's description of a data set", "classifier", "train", "none.data", _cfg);
        Shell.Fails(2, "none.cfg: there is no such file; wanted a .cfg file, Darknet's description of a network", "classifier", "train", _data, "none.cfg");
        Shell.Fails(
            2, $"WEIGHTS are missing; wanted the weights of {_cfg}, which 'fovea classifier train' writes", "classifier", "predict", _data, _cfg);
    }

    [Fact]
    [Trait("row", "S4-08")]
    public void Each_key_of_a_cfg_is_told_once_and_becomes_what_Darknet_does_by_it()
    {
        File.WriteAllText(_cfg, TinyNetwork.Cfg(maxBatches: 12, "mixup=1\nsaturation=.75\nlabel_smooth_eps=0.1\ndecay=0.1\ntrack=1\nlearnin_rate=1\n", end: "\n[cost]\ntype=sse\n"));
        var imported = Shell.Run("recipe", "import", _cfg, "--json").Json;
        var keys = imported.GetProperty("keys").EnumerateArray().Where(key => key.GetProperty("place").GetString() != "default").ToArray();
        Assert.Equal(keys.Select(key => key.GetProperty("key").GetString()).Distinct(), keys.Select(key => key.GetProperty("key").GetString()));
        var entries = File.ReadLines(_cfg).TakeWhile(line => line.Length > 0).Count(line => line.Contains('=', StringComparison.Ordinal));
        Assert.Equal(entries + 1, keys.Length);
        var recipe = Shell.Run("recipe", "import", _cfg).Out;
        Assert.Contains("learnin_rate: 1 has no meaning here: Darknet reads no such key\n", recipe, StringComparison.Ordinal);
        foreach (var option in new[] { "share: 0.5", "saturation: 1.3333333333333333", "label_smoothing: 0.15", "learning_rate: 0.2", "weight_decay: 0.00025" })
            Assert.Contains($" {option}\n", recipe, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy=steps\nsteps=3,6\nscales=.1,.1", "policy: 'steps'")]
    [InlineData("policy=sometimes", "policy is 'sometimes'; wanted one of constant, step, steps, exp, poly, sigmoid, sgdr, random")]
    [InlineData("policy=steps", "policy is steps; wanted steps and scales beside it")]
    [InlineData("mixup=9", "mixup is 9; wanted 0 to 4")]
    public void Options_that_cannot_be_meant_are_named_with_their_line(string option, string expected)
    {
        File.WriteAllText(_cfg, TinyNetwork.Cfg(maxBatches: 12, option + "\n"));
        var shell = Shell.Run("recipe", "import", _cfg);
        if (expected.StartsWith("policy: ", StringComparison.Ordinal))
        {
            Assert.Contains("  milestones: [3, 6]\n  scales: [0.1, 0.1]\n", shell.Out, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(2, shell.Code);
        Assert.Contains($"{_cfg}:", shell.Error, StringComparison.Ordinal);
        Assert.Contains(expected, shell.Error, StringComparison.Ordinal);
    }

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private void List(string name, string folder) => File.WriteAllLines(_folder.Path(name), TinyNetwork.PicturesOf(folder));
}
