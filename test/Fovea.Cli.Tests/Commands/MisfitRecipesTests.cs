namespace Fovea.Cli.Tests.Commands;

/// <summary>Recipes that do not go with model, data or teacher are refused, with the place in the file, before an image is opened: these are none.</summary>
public sealed class MisfitRecipesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public MisfitRecipesTests()
    {
        _data = _folder.Path("data");
        foreach (var name in TinyData.Classes)
            for (var i = 0; i < 8; i++) Write($"data/train/{name}/{i}.png", "no image");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("optimizer:\n  no_decay: [conv1.weight, \"*.biass\"]\n", ":8:3: optimizer.no_decay is '*.biass', which names nothing of resnet20; wanted ")]
    [InlineData("optimizer:\n  also_decay:\n    - \"*identity.weight\"\n", ":8:3: optimizer.also_decay is '*identity.weight', which names nothing of ")]
    [InlineData("freeze: {names: [layer9]}\n", ":7:10: freeze.names is 'layer9', which names nothing of ")]
    [InlineData("freeze: {names: [backbone], thaw: [{after: 1, names: [layr3]}]}\n", "freeze.thaw[0].names is 'layr3', which names nothing of ")]
    public void A_name_of_nothing_is_told_with_line_key_and_pattern(string section, string problem) => AssertRefused(section, problem);

    [Fact]
    public void A_name_of_nothing_is_told_with_the_nearest_names_and_the_flag_that_set_it()
    {
        AssertRefused("optimizer: {no_decay: [layer1.0.conv1.wieght]}\n", "the nearest of which are layer1.0.conv1.weight, ");
        AssertRefused("", "--set optimizer.no_decay=[x.*]: optimizer.no_decay is 'x.*', which names nothing of ", "--set", "optimizer.no_decay=[x.*]");
    }

    [Theory]
    [InlineData("*.bias")]
    [InlineData("*bn?.weight")]
    [InlineData("*")]
    public void A_pattern_without_quotes_which_YAML_takes_for_an_alias_is_told_to_be_quoted(string pattern)
    {
        AssertRefused($"optimizer:\n  no_decay: [{pattern}]\n", ":8:14: ");
        AssertRefused($"optimizer:\n  no_decay: [{pattern}]\n", "is an alias by the rules of YAML; wanted ");
        AssertRefused($"optimizer:\n  no_decay: [conv1.weight, {pattern}]\n", $"\"{pattern}\" in quotes");
        AssertRefused("", $"\"{pattern}\" in quotes", "--set", $"optimizer.no_decay=[{pattern}]");
    }

    [Theory]
    [InlineData(
        "loss:\n  kind: cross_entropy\n  class_weights: [1, 2]\n", ":9:3: loss.class_weights is a list of 2; wanted 3 numbers, one for each class of the data")]
    [InlineData("loss:\n  kind: bce\n  positive_weights: [1, 2, 3, 4]\n", ":9:3: loss.positive_weights is a list of 4; wanted 3 numbers")]
    [InlineData("loss: {kind: focal, alpha: [1]}\n", ":7:21: loss.alpha is a list of 1; wanted 3 numbers")]
    public void A_list_for_other_classes_is_told_with_its_line(string section, string problem) => AssertRefused(section, problem);

    [Fact]
    public void Distillation_without_a_teacher_is_told_with_its_line()
    {
        AssertRefused("loss:\n  kind: kd\n", ":7:1: loss.kind kd wants a teacher; none is given (loss.teacher");
        AssertRefused("loss:\n  kind: kd\n  teacher: nowhere.fovea\n", ":9:3: loss.teacher nowhere.fovea: ");
        AssertRefused("loss:\n  kind: dist\n  teacher: resnet18\n", ":9:3: loss.teacher resnet18: is a name in the catalogue, without weights");
    }

    [Fact]
    public void A_teacher_of_other_classes_or_another_input_is_told_with_its_line()
    {
        var (good, teacher) = (TinyData.Make(_folder, name: "good"), _folder.Path("teacher"));
        Assert.Equal(0, Shell.Run(["train", "--data", good, "--out", teacher, .. TinyData.Flags, "--set", "train.epochs=1"]).Code);
        var section = $"loss:\n  kind: kd\n  teacher: {teacher}\n";
        AssertRefused(section, $":9:3: loss.teacher {teacher}: its images are normalised by mean [0.485, 0.456, 0.406]", "--set", "data.mean=[0.5, 0.5, 0.5]");
        Write("data/train/yellow/0.png", "no image");
        AssertRefused(section, $":9:3: loss.teacher {teacher}: its 3 classes are others than the 4 of the data");
    }

    [Fact]
    public void Scales_that_are_missing_or_of_another_model_are_told_with_their_line()
    {
        string Around(string scales) => $"optimizer:\n  around:\n    - kind: repopt\n{scales}";
        string[] target = ["--model", "repoptvgg_a0_target"];
        AssertRefused(Around(""), ":9:7: optimizer.around: repopt has no scales; wanted scales: FILE", target);
        AssertRefused(Around("      scales: /nowhere/s.pth\n"), ":10:7: /nowhere/s.pth: there is no such file or folder; wanted scales", target);
        var (good, search) = (TinyData.Make(_folder, name: "good"), _folder.Path("search"));
        Assert.Equal(
            0, Shell.Run(["train", "--data", good, "--out", search, .. TinyData.Flags.Skip(2), "--model", "repoptvgg_hs", "--set", "train.epochs=1"]).Code);
        var others = Around($"      scales: {search}/repopt-scales.safetensors\n");
        AssertRefused(others, "these scales do not train repoptvgg_a0_target: 5 blocks against the model's ", target);
        AssertRefused(others, ":10:7: ", target);
    }

    private void AssertRefused(string section, string problem, params string[] more)
    {
        Write("r.yaml", "model: {name: resnet20}\ndata: {image_size: 32, workers: 1}\ntrain:\n  epochs: 2\n  batch_size: 6\n\n" + section);
        foreach (var command in new[] { "train", "find-lr" })
        {
            var shell = Shell.Run([command, "-c", _folder.Path("r.yaml"), "--data", _data, "--out", _folder.Path("run"), .. more]);
            Assert.NotEqual(0, shell.Code);
            Assert.Contains(problem, shell.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("no image", shell.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_folder.Path("run")));
        }
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Path(path))!);
        File.WriteAllText(_folder.Path(path), text);
    }
}
