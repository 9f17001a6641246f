using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Formats.Onnx.Proto;
using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.Onnx;

public sealed class OnnxModelTests
{
    private static readonly ModelOptions s_options = new() { Classes = 7, ImageSize = 33, DropRate = 0.1 };

    public static TheoryData<string, bool> Models() => new(
        from name in (string[])[
            "repvgg", "repvgg_n1", "resnet18", "resnet20", "cifar_resnet20", "mobilenetv2_035", "mobilenetv3_small_050", "tf_efficientnetv2_b0",
            "mixnet_s", "ghostnet_050"]
        from deployed in (bool[])[false, true] select (name, deployed));

    [Theory]
    [MemberData(nameof(Models))]
    public void Model_is_the_same_graph_with_the_same_weights_after_a_file_and_back(string name, bool deployed)
    {
        var (graph, weights) = Form(name, s_options, deployed, batch: 2);
        var back = OnnxRoundTrip.Read(OnnxRoundTrip.Write(graph, weights), new OnnxReadOptions { Batch = 2 });
        Assert.Equal(Canonical.Print(new RemoveTrainingOnly().Apply(graph)), Canonical.Print(back.Graph));
        Assert.Equal(graph.Variables.Select(v => v.Variable!.Label), back.Graph.Variables.Select(v => v.Variable!.Label));
        foreach (var (label, tensor) in back.Weights) Assert.True(tensor.Bytes.SequenceEqual(weights[label].Bytes), label);
        Assert.Equal(17, back.Opset);
        Assert.Equal("fovea 0.1.0", back.Producer);
    }

    [Fact]
    public void File_does_not_depend_on_the_batch_that_the_graph_was_built_for()
    {
        var (one, weights) = Form("resnet20", s_options, deployed: false, batch: 1);
        Assert.Equal(OnnxRoundTrip.Write(one, weights), OnnxRoundTrip.Write(ModelCatalog.Build("resnet20", s_options, batch: 6), weights));
    }

    [Fact]
    public void File_has_the_promised_form()
    {
        var (graph, weights) = Form("resnet20", s_options, deployed: true, batch: 1);
        var model = ModelProto.Parser.ParseFrom(OnnxRoundTrip.Write(graph, weights, new OnnxWriteOptions { Metadata = [new("fovea.classes", "[\"ä\"]")] }));
        Assert.Equal((8L, "fovea", "0.1.0"), (model.IrVersion, model.ProducerName, model.ProducerVersion));
        var set = Assert.Single(model.OpsetImport);
        Assert.Equal(("", 17L), (set.Domain, set.Version));
        Assert.Equal(("input", "batch,3,33,33"), Declared(Assert.Single(model.Graph.Input)));
        Assert.Equal(("logits", "batch,7"), Declared(Assert.Single(model.Graph.Output)));
        Assert.All(model.Graph.Node, node => Assert.Equal("", node.Domain));
        Assert.All(model.Graph.Node.Where(node => node.OpType == "Conv"), conv => Assert.Equal(3, conv.Input.Count));
        Assert.Equal(
            ["Add", "Conv", "Gemm", "GlobalAveragePool", "Pad", "Relu", "Reshape", "Slice"],
            model.Graph.Node.Select(node => node.OpType).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(weights.Keys.Order(), model.Graph.Initializer.Select(tensor => tensor.Name).Where(weights.ContainsKey).Order());
        Assert.Equal(("fovea.classes", "[\"ä\"]"), (model.MetadataProps[0].Key, model.MetadataProps[0].Value));
    }

    [Fact]
    public void Other_batch_and_open_size_are_chosen_on_reading()
    {
        var (graph, weights) = Form("resnet20", s_options, deployed: false, batch: 1);
        var bytes = OnnxRoundTrip.Write(graph, weights, new OnnxWriteOptions { OpenImageSize = true });
        var back = OnnxRoundTrip.Read(bytes, new OnnxReadOptions { Batch = 4, Height = 48, Width = 48 });
        Assert.Equal(
            Canonical.Print(new RemoveTrainingOnly().Apply(ModelCatalog.Build("resnet20", s_options with { ImageSize = 48 }, batch: 4))),
            Canonical.Print(back.Graph));
        var failure = Assert.Throws<ModelFormatException>(() => OnnxRoundTrip.Read(bytes));
        Assert.Equal("m.onnx: input 'input': leaves axis 2 open; say the size of the image", failure.Message);
    }

    [Fact]
    public void Card_travels_in_the_metadata()
    {
        var card = new ModelCard { Model = "m", Classes = ["a", "ß"], Input = new() { Width = 33, Height = 33 } };
        var (graph, weights) = Form("resnet20", s_options, deployed: true, batch: 1);
        Assert.Equal(card, OnnxRoundTrip.Read(OnnxRoundTrip.Write(graph, weights, new OnnxWriteOptions { Card = card })).Card);
        Assert.Null(OnnxRoundTrip.Read(OnnxRoundTrip.Write(graph, weights)).Card);
    }

    [Fact]
    public void Size_is_not_left_open_where_the_computation_depends_on_it()
    {
        var graph = new Graph("flat");
        var x = graph.Input("input", TensorType.F32(1, 3, 4, 4)).Relu();
        graph.Output("logits", x.Flatten().MatMul(graph.Parameter("fc.weight", new Shape(5, 48), Initializer.Zeros), transposeB: true));
        var failure = Assert.Throws<ModelFormatException>(
            () => OnnxRoundTrip.Write(graph, OnnxRoundTrip.Weights(graph), new OnnxWriteOptions { OpenImageSize = true }));
        Assert.Contains("reshape: f32[1, 48] depends on the size of the image", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batched_products_and_repeated_parameters_stay_open_in_the_batch()
    {
        static Graph Build(int batch)
        {
            var graph = new Graph("attention");
            var x = graph.Input("input", TensorType.F32(batch, 4, 6));
            var tokens = graph.Parameter("token", new Shape(1, 1, 6), Initializer.Ones).BroadcastTo(new Shape(batch, 1, 6)).Concat(1, x);
            var heads = tokens.Reshape(new Shape(batch * 5, 6)).MatMul(graph.Parameter("w", new Shape(6, 6), Initializer.Ones))
                .Reshape(new Shape(batch, 5, 2, 3)).Transpose(0, 2, 1, 3);
            var y = heads.MatMul(heads, transposeB: true).Softmax(3).MatMul(heads).Transpose(0, 2, 1, 3).Reshape(new Shape(batch, 30));
            graph.Output("y", y.MatMul(graph.Parameter("v", new Shape(30, 2), Initializer.Ones)));
            return graph;
        }

        var graph = Build(1);
        var weights = OnnxRoundTrip.Weights(graph);
        var bytes = OnnxRoundTrip.Write(graph, weights);
        Assert.Contains(ModelProto.Parser.ParseFrom(bytes).Graph.Node, node => node.OpType == "Expand");
        var images = OnnxRoundTrip.Images(TensorType.F32(3, 4, 6));
        var back = OnnxRoundTrip.Read(bytes, new OnnxReadOptions { Batch = 3 });
        var (expected, actual) = (OnnxRoundTrip.Run(new Rebatch(3).Apply(graph), weights, images), OnnxRoundTrip.Run(back.Graph, back.Weights, images));
        Assert.Equal(6, actual.Length);
        for (var i = 0; i < 6; i++) Assert.Equal(expected[i], actual[i], 1e-5);
    }

    [Fact]
    public void Output_that_is_an_input_or_a_weight_or_named_twice_is_written()
    {
        var graph = new Graph("names");
        var x = graph.Input("input", TensorType.F32(2, 3));
        var y = x.Relu().Dropout(0.5);
        graph.Output("same", x);
        graph.Output("y", y);
        graph.Output("again", y);
        var back = OnnxRoundTrip.Read(OnnxRoundTrip.Write(graph, new Dictionary<string, HostTensor>()), new OnnxReadOptions { Batch = 2 }).Graph;
        Assert.Equal(["same", "y", "again"], back.Outputs.Select(output => output.Name));
        Assert.Equal(back.Variable("input"), back.Output("same"));
        Assert.Equal(back.Output("y"), back.Output("again"));
    }

    internal static (Graph Graph, IReadOnlyDictionary<string, HostTensor> Weights) Form(string name, ModelOptions options, bool deployed, int batch)
    {
        if (ModelCatalog.Find(name).IsFreeForm) options = options with { NumBlocks = [1, 2, 1, 1], WidthMultiplier = [0.25, 0.25, 0.25, 0.5] };
        var graph = ModelCatalog.Build(name, options, batch);
        IReadOnlyDictionary<string, HostTensor> weights = OnnxRoundTrip.Weights(graph);
        if (!deployed) return (graph, weights);
        var folded = Deploy.Fold(graph, weights);
        return (folded.Graph, folded.Weights);
    }

    private static (string Name, string Shape) Declared(ValueInfoProto info) => (info.Name, string.Join(',', info.Type.TensorType.Shape.Dim.Select(
        extent => extent.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam ? extent.DimParam : $"{extent.DimValue}")));
}
