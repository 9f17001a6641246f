using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Training.Checkpoints;

namespace Fovea.Cli.Tests;

public sealed class DeployTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _run;

    public DeployTests()
    {
        var data = TinyData.Make(_folder);
        _run = _folder.Path("run");
        Assert.Equal(0, Shell.Run(["train", "--data", data, "--out", _run, .. TinyData.Flags]).Code);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_becomes_one_file_with_its_proof_and_then_onnx()
    {
        var (file, onnx) = (_folder.Path("m.fovea"), _folder.Path("m.onnx"));
        var json = Shell.Run("deploy", _run, "-o", file, "--images", "6", "--json").Json;
        Assert.True(json.GetProperty("passed").GetBoolean());
        Assert.InRange(json.GetProperty("proof").GetProperty("logits").GetProperty("relative_error").GetDouble(), 0, 1e-4);
        var model = FoveaFile.Read(file);
        Assert.Equal(TinyData.Classes, model.Card.Classes);
        Assert.Equal((6, true), (model.Proof!.Images, model.Proof.Passed));
        Assert.Equal(5, model.Proof.Blocks.Count);

        var bench = Shell.Run("bench", "infer", file, "--steps", "1", "--batch", "2", "--json").Json;
        Assert.Equal((32, 3), (bench.GetProperty("image_size").GetInt32(), bench.GetProperty("classes").GetInt32()));
        Shell.Fails(
            2, "--classes does not go with a model that 'fovea deploy' wrote (.fovea): it says what it is of", "bench", "infer", file, "--classes", "4");

        var parity = Shell.Run("export", file, "-o", onnx, "--json").Json;
        Assert.True(parity.GetProperty("passed").GetBoolean());
        Assert.Equal(17, parity.GetProperty("opset").GetInt32());
        Assert.Equal(TinyData.Classes, OnnxFile.Read(onnx).Card!.Classes);
    }

    [Fact]
    public void Run_keeps_its_graph_so_that_no_catalogue_is_needed_to_validate_and_ship_it()
    {
        var (data, file, same) = (_folder.Path("data"), _folder.Path("m.fovea"), _folder.Path("same.fovea"));
        Assert.Equal(0, Shell.Run("deploy", _run, "-o", file).Code);
        Rewrite(facts => facts with { Model = "my_net" });
        Assert.Equal(0, Shell.Run("deploy", _run, "-o", same).Code);
        Assert.Equal("my_net", FoveaFile.Read(same).Card.Model);
        Assert.Equal(GraphPrinter.Print(FoveaFile.Read(file).Graph), GraphPrinter.Print(FoveaFile.Read(same).Graph));
        Assert.Equal(12, Shell.Run("validate", "--run", _run, "--data", data, "--json").Json.GetProperty("images").GetInt32());
        Assert.Equal(0, Shell.Run("validate", "--run", _run, "--data", data, "--image-size", "64").Code);
    }

    [Fact]
    public void Run_of_a_version_that_kept_no_graph_is_read_by_the_catalogue()
    {
        Rewrite(facts => facts with { Graph = "" });
        Assert.Equal(0, Shell.Run("deploy", _run, "-o", _folder.Path("m.fovea")).Code);
    }

    [Fact]
    public void Graph_that_is_none_or_does_not_fit_its_checkpoint_is_refused_with_the_file()
    {
        var best = RunFolder.CheckpointsOf(_run).BestPath;
        Rewrite(facts => facts with { Graph = "what?" });
        Refuses(1, $"{best}: graph: line 1: 'what?' ", "deploy", _run, "-o", _folder.Path("m.fovea"));
        Rewrite(facts => facts with { Graph = GraphPrinter.Print(ModelCatalog.Build("resnet20", new() { Classes = 3 }, 1)) });
        Refuses(1, $"{best}: conv1.weight: the weight is missing; wanted f32[16, 3, 3, 3]", "deploy", _run, "-o", _folder.Path("m.fovea"));
    }

    private static void Refuses(int code, string message, params string[] args)
    {
        var shell = Shell.Run(args);
        Assert.StartsWith($"error: {message}", shell.Error, StringComparison.Ordinal);
        Assert.Equal(code, shell.Code);
    }

    private void Rewrite(Func<RunFacts, RunFacts> change)
    {
        var folder = RunFolder.CheckpointsOf(_run);
        foreach (var path in Directory.EnumerateFiles(folder.Path))
        {
            var checkpoint = CheckpointFile.Read(path);
            CheckpointFile.Write(path, checkpoint with { Facts = change(checkpoint.Facts) });
        }
    }

    [Fact]
    public void Proof_that_fails_leaves_no_file_and_has_its_own_code()
    {
        var file = _folder.Path("m.fovea");
        var shell = Shell.Run("deploy", _run, "-o", file, "--images", "6", "--tolerance", "0");
        Assert.Equal(3, shell.Code);
        Assert.StartsWith($"error: {file}: not written: the proof failed on 6 images, worst at ", shell.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    /// <summary>The exported run is folded as its shipped file is, under the same names, from whatever flag names it.</summary>
    [Fact]
    public void A_run_is_exported_as_its_shipped_file_is()
    {
        var (file, onnx) = (_folder.Path("m.fovea"), _folder.Path("m.onnx"));
        Assert.Equal(0, Shell.Run("deploy", _run, "-o", file, "--images", "6").Code);
        Assert.Equal(0, Shell.Run("export", file, "-o", onnx).Code);
        var wanted = OnnxFile.Read(onnx);
        string[][] sources = [["--run", _run], [_run], ["--model", _run], ["--model", file], ["--run", _run, "--checkpoint", "best"]];
        foreach (var source in sources)
        {
            var target = _folder.Path("n.onnx");
            var shell = Shell.Run(["export", .. source, "-o", target, "--json"]);
            Assert.Equal((0, ""), (shell.Code, shell.Error));
            Assert.True(shell.Json.GetProperty("passed").GetBoolean());
            Assert.Equal(source[^1] != file, shell.Json.TryGetProperty("proof", out var proof));
            if (source[^1] != file) Assert.Equal(5, proof.GetProperty("blocks").GetArrayLength());
            var actual = OnnxFile.Read(target);
            Assert.Equal(TinyData.Classes, actual.Card!.Classes);
            Assert.Equal(GraphPrinter.Print(wanted.Graph), GraphPrinter.Print(actual.Graph));
            foreach (var (name, tensor) in wanted.Weights) Assert.True(tensor.Bytes.SequenceEqual(actual.Weights[name].Bytes), name);
        }
    }

    [Fact]
    public void Weights_of_a_model_of_the_catalogue_are_exported_and_an_ONNX_file_once_more()
    {
        var (run, onnx) = (_folder.Path("plain"), _folder.Path("m.onnx"));
        Assert.Equal(
            0, Shell.Run(
                "train", "--data", _folder.Path("data"), "--out", run, "--model", "resnet20", "--set", "train.epochs=1", "--set", "train.batch_size=6",
                "--set", "data.workers=1", "-c", TinyData.Plain).Code);
        var weights = Path.Combine(run, "checkpoints", "latest.safetensors");
        var shell = Shell.Run("export", "--model", "resnet20", "--weights", weights, "-o", onnx);
        Assert.Equal(0, shell.Code);
        Assert.Contains("nothing names the 3 classes of resnet20; they are called by their numbers", shell.Error, StringComparison.Ordinal);
        Assert.Equal(["0", "1", "2"], OnnxFile.Read(onnx).Card!.Classes);
        Assert.Equal(0, Shell.Run("export", onnx, "-o", _folder.Path("again.onnx")).Code);
        Shell.Fails(2, "--run does not go with FILE: it says which model", "export", onnx, "--run", run, "-o", _folder.Path("x.onnx"));
        Shell.Fails(
            2, "which model? wanted FILE, --run DIR, or --model NAME with --weights FILE or --pretrained", "export", "-o", _folder.Path("x.onnx"));
    }

    [Fact]
    public void A_run_is_validated_on_its_own_data_unless_other_is_named()
    {
        var own = Shell.Run("validate", "--run", _run, "--json");
        var named = Shell.Run("validate", "--run", _run, "--data", _folder.Path("data"), "--json");
        Assert.Equal((0, $"note: {_run}: its own data is evaluated, {_folder.Path("data")}; --data says other\n"), (own.Code, own.Error));
        Assert.Equal((0, ""), (named.Code, named.Error));
        Assert.Equal(named.Out, own.Out);
        var other = TinyData.Make(_folder, validation: 2, name: "other");
        Assert.Equal(6, Shell.Run("validate", "--run", _run, "--data", other, "--json").Json.GetProperty("images").GetInt32());
        Assert.Equal(named.Out, Shell.Run("validate", "--model", _run, "--json").Out);
        var file = _folder.Path("m.fovea");
        Assert.Equal(0, Shell.Run("deploy", _run, "-o", file, "--images", "6").Code);
        Shell.Fails(2, "which data? wanted --data DATA; only a run says its own", "validate", "--model", file);
        Directory.Move(_folder.Path("data"), _folder.Path("moved"));
        Shell.Fails(
            2, $"{_run}: was trained on {_folder.Path("data")}, where nothing is now; wanted --data DATA", "validate", "--run", _run);
    }

    [Fact]
    public void Export_wants_a_deployed_model_and_a_file_for_onnx()
    {
        Shell.Fails(2, "none.fovea: there is no such file; wanted a model that 'fovea deploy' wrote", "export", "none.fovea", "-o", "m.onnx");
        var checkpoint = Path.Combine(_run, "checkpoints", "latest.safetensors");
        var shell = Shell.Run("export", checkpoint, "-o", _folder.Path("m.onnx"));
        Assert.Equal(1, shell.Code);
        Assert.Contains("wanted", shell.Error, StringComparison.Ordinal);
        Shell.Fails(2, "m.pb: ends in '.pb'; wanted a file that ends in .onnx", "export", checkpoint, "-o", "m.pb");
        Shell.Fails(2, "--tolerance is -1; wanted at least 0", "deploy", _run, "-o", "m.fovea", "--tolerance", "-1");
    }
}
