using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;

namespace Fovea.Cli.Tests.Commands;

/// <summary>A model may come from the catalogue, a shipped file, an ONNX file or a run, in every command.</summary>
public sealed class ModelSourcesTests : IDisposable
{
    private static readonly string[] s_short =
    [
        "-c", TinyData.Plain, "--set", "data.workers=1", "--set", "augment.transforms[0].min_scale=0.5", "--set", "train.batch_size=6",
        "--set", "train.epochs=1", "--set", "optimizer.learning_rate=1e-30", "--set", "optimizer.weight_decay=0",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;
    private readonly string _run;

    public ModelSourcesTests()
    {
        (_data, _run) = (TinyData.Make(_folder), _folder.Path("run"));
        Assert.Equal(0, Shell.Run(["train", "--data", _data, "--out", _run, .. TinyData.Flags]).Code);
        Assert.Equal(0, Shell.Run("deploy", _run, "-o", Fovea, "--images", "6").Code);
        Assert.Equal(0, Shell.Run("export", Fovea, "-o", Onnx).Code);
    }

    private string Fovea => _folder.Path("m.fovea");

    private string Onnx => _folder.Path("m.onnx");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run")]
    [InlineData("m.fovea")]
    [InlineData("m.onnx")]
    public void A_model_of_every_source_is_trained_evaluated_deployed_predicted_explained_and_costed(string name)
    {
        var (place, again) = (_folder.Path(name), _folder.Path("again"));
        var trained = Shell.Run(["train", "--data", _data, "--out", again, "--model", place, .. s_short]);
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.Contains("repvgg: ", trained.Out, StringComparison.Ordinal);
        Assert.Equal(name != "run", trained.Out.Contains("convolutions with biases", StringComparison.Ordinal));
        foreach (var from in new[] { place, again })
        {
            Assert.Equal(12, Good("validate", "--model", from, "--data", _data, "--json").Json.GetProperty("images").GetInt32());
            Assert.Equal(4, Good("predict", Path.Combine(_data, "val", "red"), "--model", from, "--json").Json.GetProperty("images").GetArrayLength());
            Assert.True(Good("explain", from, "--json").Json.GetProperty("steps").GetArrayLength() > 0);
            Assert.True(Good("explain", from, "--train", "--batch", "2", "--json").Json.GetProperty("steps").GetArrayLength() > 0);
            var cost = Good("cost", from, "--deploy", "--json").Json.GetProperty("models")[0];
            Assert.Equal((3, 32), (cost.GetProperty("classes").GetInt32(), cost.GetProperty("image_size").GetInt32()));
            Assert.Equal(3, Good("bench", "infer", from, "--steps", "1", "--json").Json.GetProperty("classes").GetInt32());
            var deployed = Good("deploy", from, "-o", _folder.Path("out.fovea"), "--data", _data, "--images", "6", "--json").Json;
            Assert.True(deployed.GetProperty("passed").GetBoolean());
            Assert.Equal(TinyData.Classes, FoveaFile.Read(_folder.Path("out.fovea")).Card.Classes);
        }

        Assert.Equal(0, Shell.Run(["train", "--data", _data, "--out", again, "--resume", "--set", "train.epochs=2"]).Code);
    }

    [Fact]
    public void Training_starts_from_the_weights_of_a_source_and_keeps_the_classifier_of_the_same_classes()
    {
        Assert.Equal(0, Shell.Run(["train", "--data", _data, "--out", _folder.Path("again"), "--model", Onnx, .. s_short]).Code);
        var (file, weights) = (OnnxFile.Read(Onnx), CheckpointFile.Read(RunFolder.CheckpointsOf(_folder.Path("again")).LatestPath).LastWeights());
        Assert.Equal(file.Weights.Count, weights.Count);
        foreach (var (name, tensor) in weights) Assert.True(file.Weights[name].Bytes.SequenceEqual(tensor.Bytes), name);
    }

    [Fact]
    public void Another_number_of_classes_gets_a_new_classifier_and_a_line_that_says_so()
    {
        TinyData.Add(_folder.Path("two", "train", "blue"), 6, "blue");
        TinyData.Add(_folder.Path("two", "train", "red"), 6, "red");
        var trained = Shell.Run(["train", "--data", _folder.Path("two"), "--out", _folder.Path("again"), "--model", Fovea, .. s_short]);
        Assert.Equal(0, trained.Code);
        Assert.Contains($"{Fovea}: the classifier (head.fc) is new, for 2 classes: it was for 3 classes\n", trained.Out, StringComparison.Ordinal);
        var weights = CheckpointFile.Read(RunFolder.CheckpointsOf(_folder.Path("again")).LatestPath).LastWeights().ToDictionary();
        Assert.Equal(2, weights["head.fc.weight"].Type.Shape[0]);
        foreach (var (name, tensor) in FoveaFile.Read(Fovea).Weights)
            Assert.Equal(!name.StartsWith("head.", StringComparison.Ordinal), weights[name].Bytes.SequenceEqual(tensor.Bytes));
    }

    [Fact]
    public void As_many_classes_of_other_names_get_a_new_classifier_and_other_orders_are_put_right()
    {
        foreach (var (name, colour) in new[] { ("cat", "blue"), ("dog", "green"), ("eel", "red") })
            TinyData.Add(_folder.Path("pets", "train", name), 4, colour);
        var other = Shell.Run(["train", "--data", _folder.Path("pets"), "--out", _folder.Path("again"), "--model", Fovea, .. s_short]);
        Assert.Contains("the classifier (head.fc) is new, for 3 classes: it was for other classes (blue, green, red)\n", other.Out, StringComparison.Ordinal);

        var model = FoveaFile.Read(Fovea);
        FoveaFile.Write(Fovea, model with { Card = model.Card with { Classes = ["red", "blue", "green"] } });
        var ordered = Shell.Run(["train", "--data", _data, "--out", _folder.Path("ordered"), "--model", Fovea, .. s_short]);
        Assert.Contains("the classifier is kept, its rows in the order of the data's classes\n", ordered.Out, StringComparison.Ordinal);
        var weights = CheckpointFile.Read(RunFolder.CheckpointsOf(_folder.Path("ordered")).LatestPath).LastWeights().ToDictionary();
        var (was, now) = (model.Weights["head.fc.bias"].Floats.ToArray(), weights["head.fc.bias"].Floats.ToArray());
        Assert.Equal([was[1], was[2], was[0]], now);
        var width = model.Weights["head.fc.weight"].Type.Shape[1];
        Assert.Equal(model.Weights["head.fc.weight"].Floats[..width].ToArray(), weights["head.fc.weight"].Floats[(2 * width)..].ToArray());
    }

    [Fact]
    public void Softmax_at_the_end_of_a_foreign_file_is_taken_off_and_told_and_its_classes_are_kept_by_number()
    {
        var path = _folder.Path("foreign.onnx");
        Foreign(path, batch: 4, classes: 3);
        var trained = Shell.Run(["train", "--data", _data, "--out", _folder.Path("again"), "--model", path, "--image-size", "32", .. s_short]);
        Assert.Equal(0, trained.Code);
        Assert.Contains($"{path}: ends in softmax, which is taken off: logits come before it", trained.Error, StringComparison.Ordinal);
        Assert.Contains("does not say how images become its input; taken is 32×32 of the middle of 36", trained.Error, StringComparison.Ordinal);
        Assert.Contains("the classifier is kept: nothing names its 3 classes, and the data have as many", trained.Out, StringComparison.Ordinal);
        var kept = CheckpointFile.Read(RunFolder.CheckpointsOf(_folder.Path("again")).LatestPath).LastWeights();
        Assert.DoesNotContain(kept, weight => weight.Name.Contains('/', StringComparison.Ordinal));
        var fresh = Shell.Run(
            ["train", "--data", _data, "--out", _folder.Path("fresh"), "--model", path, "--image-size", "32",
                "--set", "model.skip_classifier=true", .. s_short]);
        Assert.Contains("is new, for 3 classes: as was asked for", fresh.Out, StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run("validate", "--model", path, "--data", _data, "--image-size", "32").Code);
    }

    [Fact]
    public void A_source_that_cannot_take_what_is_asked_of_it_says_why()
    {
        var path = _folder.Path("foreign.onnx");
        Foreign(path, batch: 1, classes: 3);
        Shell.Fails(
            2, "--set model.num_blocks=[1,1,1,1]: model.num_blocks is a list beside source; wanted either of them", "train", "--data", _data, "--out",
            _folder.Path("x"), "--model", path, "--set", "model.num_blocks=[1,1,1,1]");
        File.WriteAllText(_folder.Path("both.yaml"), $"model: {{name: resnet20, source: {path}}}\n");
        Shell.Fails(
            2, $"{_folder.Path("both.yaml")}:1:9: model.name is 'resnet20' beside source; wanted either of them", "train", "--data", _data, "--out",
            _folder.Path("x"), "-c", _folder.Path("both.yaml"));
        Shell.Fails(
            2, $"{_folder.Path("n.onnx")}: there is no such file; wanted an ONNX model (.onnx)", "train", "--data", _data, "--out", _folder.Path("x"),
            "--model", _folder.Path("n.onnx"));
        Foreign(path, batch: 1, classes: 3, flattens: true);
        var resized = Shell.Run(["train", "--data", _data, "--out", _folder.Path("x"), "--model", path, "--image-size", "40", .. s_short]);
        Assert.Equal(2, resized.Code);
        Assert.Contains($"error: {path}: the graph 'foreign' cannot take images of 40×40: fc (mat_mul)", resized.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Path("x")));
    }

    [Fact]
    public void A_run_whose_model_the_catalogue_no_longer_has_reopens_in_every_command()
    {
        foreach (var path in Directory.EnumerateFiles(RunFolder.CheckpointsOf(_run).Path))
        {
            var checkpoint = CheckpointFile.Read(path);
            var facts = checkpoint.Facts with { Model = "gone_net", Recipe = Gone(checkpoint.Facts.Recipe) };
            CheckpointFile.Write(path, checkpoint with { Facts = facts });
        }

        File.WriteAllText(Path.Combine(_run, "recipe.yaml"), Gone(File.ReadAllText(Path.Combine(_run, "recipe.yaml"))));
        Assert.Equal(3, Good("train", "--data", _data, "--out", _run, "--resume", "--set", "train.epochs=3", "--json").Json.GetProperty("epochs").GetInt32());
        foreach (string[] command in (string[][])
        [
            ["validate", "--run", _run, "--data", _data], ["validate", "--run", _run, "--data", _data, "--image-size", "48"],
            ["predict", "--run", _run, Path.Combine(_data, "val")], ["deploy", _run, "-o", _folder.Path("g.fovea")], ["explain", _run], ["cost", _run],
            ["train", "--data", _data, "--out", _folder.Path("on"), "--model", _run, .. s_short],
        ]) Good(command);
        Assert.Equal("gone_net", FoveaFile.Read(_folder.Path("g.fovea")).Card.Model);

        static string Gone(string recipe) => recipe.Replace("name: repvgg", "name: gone_net", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m.onnx")]
    [InlineData("m.fovea")]
    [InlineData("resnet20")]
    public void A_teacher_may_come_from_any_source(string teacher)
    {
        string[] flags = ["--set", $"loss.teacher={(teacher.StartsWith("m.", StringComparison.Ordinal) ? _folder.Path(teacher) : "resnet20")}"];
        if (!teacher.StartsWith("m.", StringComparison.Ordinal))
        {
            Assert.Equal(0, Shell.Run(["train", "--data", _data, "--out", _folder.Path("t"), "--model", "resnet20", "--image-size", "32", "--mean",
                "0.485,0.456,0.406", "--std", "0.229,0.224,0.225", .. s_short]).Code);
            flags = [.. flags, "--set", $"loss.teacher_weights={RunFolder.CheckpointsOf(_folder.Path("t")).LatestPath}"];
        }

        var taught = Shell.Run(["train", "--data", _data, "--out", _folder.Path("taught"), .. TinyData.Flags, "--set", "loss.kind=kd", .. flags]);
        Assert.True(taught.Code == 0, taught.Error);
        var none = Shell.Run(
            ["train", "--data", _data, "--out", _folder.Path("none"), .. TinyData.Flags, "--set", "loss.kind=kd", "--set", "loss.teacher=resnet20"]);
        Assert.Equal(2, none.Code);
        Assert.Contains(
            "loss.teacher resnet20: is a name in the catalogue, without weights; wanted loss.teacher_weights, or a model with weights", none.Error,
            StringComparison.Ordinal);
    }

    private static Shell Good(params string[] args)
    {
        var shell = Shell.Run(args);
        Assert.True(shell.Code == 0, $"{string.Join(' ', args)}: {shell.Error}");
        return shell;
    }

    /// <summary>A file as another program writes it: fixed sizes, names with strokes, a softmax at the end, and no word on images or classes.</summary>
    private static void Foreign(string path, int batch, int classes, bool flattens = false)
    {
        var graph = new Graph("main_graph");
        var x = graph.Input("pixel_values", TensorType.F32(batch, 3, 24, 24));
        x = x.Conv2d(graph.Parameter("/stem/conv", new Shape(6, 3, 3, 3), Initializer.KaimingFanIn), Window2d.Of(2, 1))
            .PlusChannels(graph.Parameter("step", new Shape(6), Initializer.Zeros)).Relu();
        x = flattens ? x.Flatten() : x.GlobalAveragePool().Flatten();
        x = x.MatMul(graph.Parameter("fc/kernel", new Shape(x.Shape[1], classes), Initializer.XavierNormal));
        graph.Output("probabilities", x.Plus(graph.Parameter("fc/bias", new Shape(classes), Initializer.Zeros)).Softmax(1));
        var weights = graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind == VariableKind.Parameter)
            .ToDictionary(variable => variable.Label, variable => variable.Initial.Make(variable.Type.Shape, variable.Label, 1), StringComparer.Ordinal);
        using var file = File.Create(path);
        OnnxFile.Write(file, graph, weights);
    }
}
