using Fovea.Formats.Artefact;

namespace Fovea.Cli.Tests.Commands;

/// <summary>On a folder that is not divided, no image that a model was trained on counts as one that it has not seen.</summary>
public sealed class HeldBackTests : IDisposable
{
    private const string Held = "these are the images that were held back when the model was trained\n";

    private readonly TemporaryFolder _folder = new();

    public HeldBackTests()
    {
        TinyData.Make(_folder);
        string[] train = ["train", "--data", All, "--out", Run, .. TinyData.Flags, "--set", "data.validation_fraction=0.25", "--set", "data.split_seed=3"];
        Assert.Equal(0, Shell.Run(train).Code);
        Assert.Equal(0, Shell.Run("deploy", Run, "-o", Shipped, "--data", All).Code);
        Assert.Equal(0, Shell.Run("export", Shipped, "-o", _folder.Path("m.onnx")).Code);
    }

    public void Dispose() => _folder.Dispose();

    private string All => _folder.Path("data", "train");

    private string Run => _folder.Path("run");

    private string Shipped => _folder.Path("m.fovea");

    private Shell Validate(params string[] more) => Shell.Run(["validate", "--data", All, .. more]);

    [Theory]
    [InlineData("--run", "run")]
    [InlineData("--model", "m.fovea")]
    [InlineData("--model", "m.onnx")]
    public void Run_artefact_and_onnx_file_carry_the_split_and_it_is_said_what_is_evaluated(string flag, string name)
    {
        var known = Validate(flag, _folder.Path(name));
        Assert.Equal((0, ""), (known.Code, known.Error));
        Assert.Contains($"on {All} (val: 0.25 of each class, by seed 3), fp32", known.Out, StringComparison.Ordinal);
        Assert.Contains(Held, known.Out, StringComparison.Ordinal);
        var json = Validate(flag, _folder.Path(name), "--json").Json;
        Assert.Equal(
            (6, 0.25, 3),
            (json.GetProperty("images").GetInt32(), json.GetProperty("validation_fraction").GetDouble(), json.GetProperty("split_seed").GetInt32()));
        var train = Validate(flag, _folder.Path(name), "--split", "train");
        Assert.Contains($"on {All} (train: 0.75 of each class, by seed 3), fp32", train.Out, StringComparison.Ordinal);
        Assert.Contains("the model was trained on these images\n", train.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--run", "run")]
    [InlineData("--model", "m.fovea")]
    public void All_of_the_images_that_a_model_was_trained_on_are_evaluated_with_a_warning(string flag, string name)
    {
        var all = Validate(flag, _folder.Path(name), "--split", "all");
        Assert.Equal(0, all.Code);
        Assert.Contains("was trained on most of these images; --split val evaluates those that were held back", all.Error, StringComparison.Ordinal);
        var others = Shell.Run("validate", "--data", _folder.Path("data", "val"), flag, _folder.Path(name), "--split", "all");
        Assert.Equal((0, ""), (others.Code, others.Error));
    }

    [Fact]
    public void A_model_that_does_not_know_its_split_wants_it_said()
    {
        var (unknown, model) = (_folder.Path("unknown.fovea"), FoveaFile.Read(Shipped));
        FoveaFile.Write(unknown, model with { Card = model.Card with { Split = null } });
        Shell.Fails(
            2, $"{All}: has no val/ or test/, and {unknown} does not say which of its images it was trained on; wanted --split all for images that it has not "
            + "seen; or, where it was trained on these, --split val (or train) with --validation-fraction F and --split-seed N, which are "
            + "data.validation_fraction and data.split_seed of its recipe", "validate", "--data", All, "--model", unknown);
        Assert.Equal(2, Validate("--model", unknown, "--split", "val").Code);
        Assert.Equal(24, Validate("--model", unknown, "--split", "all", "--json").Json.GetProperty("images").GetInt32());
        var said = Validate("--model", unknown, "--validation-fraction", "0.25", "--split-seed", "3");
        Assert.Contains("(val: 0.25 of each class, by seed 3)", said.Out, StringComparison.Ordinal);
        Assert.Equal(said.Out.Split("top1")[1], Validate("--model", Shipped).Out.Split("top1")[1]);
        Assert.Equal("", Shell.Run("validate", "--model", unknown, "--data", _folder.Path("data")).Error);
    }

    [Fact]
    public void A_model_of_divided_data_wants_it_said_on_a_folder_that_is_not()
    {
        var (run, file) = (_folder.Path("divided"), _folder.Path("divided.fovea"));
        Assert.Equal(0, Shell.Run(["train", "--data", _folder.Path("data"), "--out", run, .. TinyData.Flags]).Code);
        Assert.Equal(0, Shell.Run("deploy", run, "-o", file).Code);
        Assert.Null(FoveaFile.Read(file).Card.Split);
        Assert.Equal((2, 2), (Validate("--run", run).Code, Validate("--model", file).Code));
        Assert.Equal((0, 0), (Validate("--run", run, "--split", "all").Code, Shell.Run("validate", "--model", file, "--data", _folder.Path("data")).Code));
    }

    [Theory]
    [InlineData("--run", "run")]
    [InlineData("--model", "m.fovea")]
    [InlineData("--model", "m.onnx")]
    public void A_folder_that_has_changed_since_or_is_another_is_refused_with_what_to_do(string flag, string name)
    {
        TinyData.Add(_folder.Path("data", "train", "red"), 20, "red");
        foreach (var split in (string[])["val", "train"])
        {
            var shell = Validate(flag, _folder.Path(name), "--split", split);
            Assert.Equal(2, shell.Code);
            Assert.StartsWith($"error: {All}: does not hold the images that ", shell.Error, StringComparison.Ordinal);
            Assert.Contains("images came or went since", shell.Error, StringComparison.Ordinal);
        }

        Assert.Equal(36, Validate(flag, _folder.Path(name), "--split", "all", "--json").Json.GetProperty("images").GetInt32());
        Assert.Equal(0, Validate(flag, _folder.Path(name), "--validation-fraction", "0.25", "--split-seed", "3").Code);
        Assert.Equal(2, Shell.Run("validate", flag, _folder.Path(name), "--data", _folder.Path("data", "val")).Code);
    }

    [Fact]
    public void A_file_of_a_version_that_kept_no_digest_is_read_and_takes_its_rule()
    {
        var model = FoveaFile.Read(Shipped);
        Assert.Equal(64, model.Card.Split!.HeldBack.Length);
        FoveaFile.Write(Shipped, model with { Card = model.Card with { Split = new(0.25, 3) } });
        var shell = Validate("--model", Shipped);
        Assert.Contains("(val: 0.25 of each class, by seed 3)", shell.Out, StringComparison.Ordinal);
        Assert.Contains("these were held back when the model was trained, unless images have come or gone since\n", shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_held_nothing_back_has_nothing_to_validate_on()
    {
        var run = _folder.Path("nothing");
        var trained = Shell.Run(["train", "--data", All, "--out", run, .. TinyData.Flags, "--set", "data.validation_fraction=0"]);
        Assert.EndsWith(
            $"finished; no images were held back; to evaluate on others: fovea validate --run {run} --split all --data …\n", trained.Out,
            StringComparison.Ordinal);
        var shell = Validate("--run", run);
        Assert.Equal(2, shell.Code);
        Assert.Contains("and nothing of it was held back when ", shell.Error, StringComparison.Ordinal);
        Assert.Equal(24, Validate("--run", run, "--split", "train", "--json").Json.GetProperty("images").GetInt32());
    }

    [Fact]
    public void Images_that_a_run_has_moved_to_quarantine_change_nothing_of_what_it_held_back()
    {
        var run = _folder.Path("moving");
        foreach (var colour in TinyData.Classes) File.WriteAllText(Path.Combine(All, colour, "000.png"), "no picture");
        string[] flags = [.. TinyData.Flags, "--set", "data.validation_fraction=0.25", "--set", "data.bad_images=quarantine"];
        string[] train = ["train", "--data", All, "--out", run, .. flags];
        Assert.Equal(0, Shell.Run(train).Code);
        Assert.True(File.Exists(Path.Combine(run, "quarantine", "red", "000.png")));
        var shell = Validate("--run", run);
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Contains(Held, shell.Out, StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run("train", "--data", All, "--out", run, "--resume", "--epochs", "3").Code);
    }

    [Theory]
    [InlineData("--split-seed goes with --validation-fraction only: they say how data was divided", "--split-seed", "3")]
    [InlineData("--validation-fraction is 1; wanted a fraction, at least 0 and below 1", "--validation-fraction", "1")]
    [InlineData(
        "--validation-fraction does not go with --split all: it says how data is divided that is not", "--split", "all", "--validation-fraction", "0.2")]
    public void Flags_of_the_split_that_make_no_sense_are_refused(string message, params string[] flags) =>
        Shell.Fails(2, message, ["validate", "--data", All, "--model", Shipped, .. flags]);
}
