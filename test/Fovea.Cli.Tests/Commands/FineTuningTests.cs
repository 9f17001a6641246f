using Fovea.Execution;
using Fovea.Formats.Onnx;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Sources;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;

namespace Fovea.Cli.Tests.Commands;

/// <summary>Training on from models of others, whole or their classifier alone.</summary>
public sealed class FineTuningTests : IDisposable
{
    private static readonly string[] s_short =
    [
        "--set", "data.workers=1", "--set", "augment.transforms=[]", "--set", "train.batch_size=6", "--set", "train.epochs=2", "--set",
        "optimizer.learning_rate=0.01",
    ];

    private static readonly double[] s_mean = [0.3, 0.4, 0.5];
    private static readonly double[] s_std = [0.2, 0.25, 0.3];

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public FineTuningTests() => _data = TinyData.Make(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_featurizer_of_cntk_gets_a_classifier_and_is_trained_alone_or_whole_evaluated_deployed_and_resumed()
    {
        var (model, preprocess) = CntkFiles.Write(_folder.Path("package"), spread: 3);
        var (head, whole) = (_folder.Path("head"), _folder.Path("whole"));
        var first = Good(["train", "--data", _data, "--out", head, "--model", model, "--set", "freeze.names=[backbone]", .. s_short]);
        Assert.Contains(
            $"{preprocess}: says how images become the input: mean [0.482353, 0.454902, 0.403922] and std [0.00392157, 0.00392157, 0.00392157] of fractions of "
            + "white; of its mean image the mean of each channel, from which it is 3.0 of 255 away at most", first.Error, StringComparison.Ordinal);
        Assert.Contains($"{model}: takes blue, green, red; it is put in the order of red, green, blue", first.Error, StringComparison.Ordinal);
        Assert.Contains($"{model}: makes 8 features; a new classifier (head) of 3 classes reads them", first.Out, StringComparison.Ordinal);
        Assert.Contains("27 of 1567 parameters train (2 of 14 tensors), the others are frozen", first.Out, StringComparison.Ordinal);
        Assert.Contains("8 features of each of 24 images, 0 MiB, are made once by the frozen parts and kept in memory", first.Out, StringComparison.Ordinal);
        var second = Good(["train", "--data", _data, "--out", whole, "--model", model, .. s_short]);
        Assert.DoesNotContain("frozen", second.Out, StringComparison.Ordinal);

        var (file, frozen, trained) = (ModelSource.LoadAny(model, new()).Tensors.ToDictionary(), Weights(head), Weights(whole));
        Assert.Equal(
            ["conv1.norm.bias", "conv1.norm.running_mean", "conv1.norm.running_var", "conv1.norm.weight", "conv1.weight"],
            file.Keys.Where(name => name.StartsWith("conv1.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(file.Keys.Append("head.weight").Append("head.bias").Order(StringComparer.Ordinal), frozen.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in file)
        {
            Assert.True(tensor.Bytes.SequenceEqual(frozen[name].Bytes), name);
            Assert.False(tensor.Bytes.SequenceEqual(trained[name].Bytes), name);
        }

        foreach (var run in (string[])[head, whole])
        {
            Assert.Equal(12, Good(["validate", "--run", run, "--data", _data, "--json"]).Json.GetProperty("images").GetInt32());
            Assert.True(Good(["deploy", run, "-o", _folder.Path("m.fovea"), "--images", "6", "--json"]).Json.GetProperty("passed").GetBoolean());
            Good(["train", "--data", _data, "--out", run, "--resume", "--set", "train.epochs=3"]);
        }
    }

    /// <summary>The raw files one after the other on bytes, and what is loaded on fractions of white, give the same features.</summary>
    [Fact]
    public void Preprocessing_of_another_file_and_a_turned_order_of_channels_are_the_same_function()
    {
        var (model, preprocess) = CntkFiles.Write(_folder.Path("package"));
        var loaded = ModelSource.LoadAny(model);
        Assert.True(loaded.MakesFeatures);
        var bytes = new OracleTensor(new Shape(1, 3, CntkFiles.Side, CntkFiles.Side));
        for (var i = 0; i < bytes.Elements.Length; i++) bytes[i] = i * 37 % 256;
        var wanted = Run(OnnxFile.Read(model), Run(OnnxFile.Read(preprocess), bytes));
        Assert.Contains(wanted.Elements, feature => feature > 0.1);
        AssertMakes(wanted, loaded, bytes);
    }

    /// <summary>Bytes of which a mean is taken off, or fractions of white; in their order or turned, into filters of all channels or of each.</summary>
    [Theory]
    [InlineData(255, false, 1)]
    [InlineData(1, true, 1)]
    [InlineData(255, true, 3)]
    public void Normalisation_at_the_beginning_of_a_graph_becomes_the_preprocessing(double white, bool isTurned, int groups)
    {
        var graph = new Graph("g");
        var images = graph.Input("images", TensorType.F32(1, 3, 8, 8));
        var x = isTurned ? images.Slice(1, 2, 1).Concat(1, images.Slice(1, 1, 1), images.Slice(1, 0, 1)) : images;
        x = x.Minus(graph.Constant(HostTensor.Of(new Shape(1, 3, 1, 1), [.. s_mean.Select(mean => (float)(mean * white))])));
        x = x.Over(graph.Constant(HostTensor.Of(new Shape(3, 1, 1), [.. s_std.Select(std => (float)(std * white))])));
        var filters = HostTensor.Of(new Shape(6, 3 / groups, 3, 3), [.. Enumerable.Range(0, 6 * 27 / groups).Select(i => (float)Math.Sin(i))]);
        x = x.Conv2d(graph.Parameter("conv.weight", filters.Shape, Initializer.Zeros), Window2d.Of(1, 1), groups).Relu().Mean(2, 3);
        graph.Output("features", x);
        var path = _folder.Path("n.onnx");
        using (var stream = File.Create(path)) OnnxFile.Write(stream, graph, new Dictionary<string, HostTensor> { ["conv.weight"] = filters });

        var loaded = ModelSource.LoadAny(path);
        var order = isTurned ? (int[])[2, 1, 0] : [0, 1, 2];
        for (var c = 0; c < 3; c++)
        {
            Assert.Equal(s_mean[order[c]], loaded.Preprocessing.Mean[c], 1e-6);
            Assert.Equal(s_std[order[c]], loaded.Preprocessing.Std[c], 1e-6);
        }

        Assert.DoesNotContain(loaded.Graph(1).Nodes, node => node.Op is Subtract or Divide);
        Assert.Equal(isTurned && groups > 1, loaded.Graph(1).Nodes.Any(node => node.Op is Concat));
        var bytes = new OracleTensor(new Shape(1, 3, 8, 8), [.. Enumerable.Range(0, 192).Select(i => (double)(i * 37 % 256))]);
        AssertMakes(Run(OnnxFile.Read(path), new OracleTensor(bytes.Shape, [.. bytes.Elements.Select(v => v * white / 255)])), loaded, bytes);
    }

    [Fact]
    public void Features_of_every_pixel_are_pooled()
    {
        var graph = new Graph("g");
        var x = graph.Input("images", TensorType.F32(1, 3, 8, 8));
        graph.Output("map", x.Conv2d(graph.Parameter("conv.weight", new Shape(6, 3, 3, 3), Initializer.Zeros), Window2d.Of(2, 1)).Relu());
        var path = _folder.Path("f.onnx");
        using (var stream = File.Create(path))
            OnnxFile.Write(stream, graph, new Dictionary<string, HostTensor> { ["conv.weight"] = HostTensor.Filled(new Shape(6, 3, 3, 3), 1) });
        var loaded = ModelSource.LoadAny(path);
        Assert.Equal((true, 6, TensorType.F32(4, 6)), (loaded.MakesFeatures, loaded.ClassCount, loaded.Graph(4).Output("logits").Type));
        Assert.Equal(TensorType.F32(4, 2), loaded.ForClasses(["a", "b"]).Graph(4).Output("logits").Type);
    }

    [Fact]
    public void A_file_that_prepares_images_may_be_named_and_is_refused_where_it_does_more()
    {
        var (model, preprocess) = CntkFiles.Write(_folder.Path("package"));
        var (moved, alone) = (_folder.Path("mean.onnx"), _folder.Path("net.onnx"));
        File.Move(preprocess, moved);
        File.Move(model, alone);
        var unsaid = Good(["train", "--data", _data, "--out", _folder.Path("a"), "--model", alone, .. s_short]);
        Assert.Contains($"{alone}: does not say how images become its input; taken is 32×32", unsaid.Error, StringComparison.Ordinal);
        var named = Good(["train", "--data", _data, "--out", _folder.Path("b"), "--model", alone, "--set", $"model.preprocess={moved}", .. s_short]);
        Assert.Contains($"{moved}: says how images become the input: mean [0.482353, 0.454902, 0.403922]", named.Error, StringComparison.Ordinal);
        Shell.Fails(
            2, $"{alone}: does more to images than to order channels, take numbers off and scale by others, or makes no input [1, 3, 32, 32]; "
            + "wanted that alone, or data.mean and data.std in its place", "train", "--data", _data, "--out", _folder.Path("c"), "--model", alone, "--set",
            $"model.preprocess={alone}");
        Shell.Fails(
            2, $"{_folder.Path("none.onnx")}: there is no such file; wanted an ONNX file that prepares images", "train", "--data", _data, "--out",
            _folder.Path("c"), "--model", alone, "--set", $"model.preprocess={_folder.Path("none.onnx")}");
    }

    /// <summary>What a loaded model makes of bytes by its preprocessing.</summary>
    private static void AssertMakes(OracleTensor wanted, LoadedModel loaded, OracleTensor bytes)
    {
        var (normalised, plane) = (new OracleTensor(bytes.Shape), bytes.Shape.H * bytes.Shape.W);
        for (var i = 0; i < bytes.Elements.Length; i++)
            normalised[i] = ((bytes[i] / 255) - loaded.Preprocessing.Mean[i / plane]) / loaded.Preprocessing.Std[i / plane];
        var (graph, weights) = (loaded.Graph(1), loaded.Tensors.ToDictionary());
        var values = Interpreter.Run(graph, variable => weights.TryGetValue(variable.Label, out var tensor) ? OracleTensor.From(tensor) : normalised);
        var actual = values[graph.Output("logits")];
        Assert.Equal(wanted.Elements.Length, actual.Elements.Length);
        for (var i = 0; i < actual.Elements.Length; i++) Assert.Equal(wanted[i], actual[i], 1e-4);
    }

    private static OracleTensor Run(OnnxModel file, OracleTensor images) =>
        Interpreter.Run(file.Graph, variable => file.Weights.TryGetValue(variable.Label, out var tensor) ? OracleTensor.From(tensor) : images)[
            file.Graph.Outputs[0].Value];

    private static Dictionary<string, HostTensor> Weights(string run) =>
        CheckpointFile.Read(RunFolder.CheckpointsOf(run).LatestPath).LastWeights().ToDictionary();

    private static Shell Good(string[] arguments)
    {
        var result = Shell.Run(arguments);
        Assert.True(result.Code == 0, $"{string.Join(' ', arguments)}: {result.Error}");
        return result;
    }
}
