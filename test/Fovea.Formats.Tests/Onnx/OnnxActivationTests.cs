using Fovea.Formats.Onnx;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.Onnx;

/// <summary>What operator set 17 has no operation for, through a file and back.</summary>
public sealed class OnnxActivationTests
{
    public static TheoryData<string> Joined => ["silu", "mish", "gelu"];

    [Theory]
    [MemberData(nameof(Joined))]
    public void An_activation_that_is_written_as_several_operations_is_one_again_when_read(string name)
    {
        var graph = new Graph("g");
        var x = graph.Input("input", TensorType.F32(1, 3, 4, 4));
        graph.Output("y", graph.Add(OpTable.Parse(name, ""), x));
        Assert.Equal(Canonical.Print(graph), Canonical.Print(OnnxRoundTrip.Read(OnnxRoundTrip.Write(graph, Empty)).Graph));
    }

    [Fact]
    public void A_product_of_an_activation_with_something_else_stays_one()
    {
        var graph = new Graph("g");
        var x = graph.Input("input", TensorType.F32(1, 3));
        graph.Output("y", x.Sigmoid().Times(x.Relu()));
        Assert.Equal(Canonical.Print(graph), Canonical.Print(OnnxRoundTrip.Read(OnnxRoundTrip.Write(graph, Empty)).Graph));
    }

    [Fact]
    public void Rows_of_a_table_are_gathered()
    {
        var (graph, weights) = Table(4, 0, 2, 2);
        var back = OnnxRoundTrip.Read(OnnxRoundTrip.Write(graph, weights), new OnnxReadOptions { Batch = 1 });
        Assert.Equal(Canonical.Print(graph), Canonical.Print(back.Graph));
        Assert.Equal([13, 14, 15, 1, 2, 3, 7, 8, 9, 7, 8, 9], OnnxRoundTrip.Run(back.Graph, back.Weights, new HostTensor(TensorType.F32(1, 1))));
    }

    [Fact]
    public void Rows_outside_of_the_table_and_computed_ones_are_refused()
    {
        var (graph, weights) = Table(5, 0, 1, 1);
        Refused(graph, weights, "it takes row 5 of [5, 3]; wanted 0 to 4");
        var computed = new Graph("g");
        computed.Input("input", TensorType.F32(1, 1));
        var indices = computed.State("i", new Shape(2), Initializer.Zeros).Cast(DType.Int32);
        computed.Output("y", computed.Parameter("table", new Shape(5, 3), Initializer.Zeros).Take(indices));
        weights.Add("i", HostTensor.Filled(new Shape(2), 1));
        Refused(computed, weights, "casts to f32 are written");
    }

    [Fact]
    public void A_resized_image_keeps_the_batch_open()
    {
        var graph = new Graph("g");
        graph.Output("y", graph.Input("input", TensorType.F32(1, 2, 3, 5)).Resize(7, 10));
        var bytes = OnnxRoundTrip.Write(graph, Empty);
        var images = OnnxRoundTrip.Images(TensorType.F32(3, 2, 3, 5));
        var back = OnnxRoundTrip.Read(bytes, new OnnxReadOptions { Batch = 3 });
        Assert.Equal(new Shape(3, 2, 7, 10), back.Graph.Output("y").Shape);
        var wanted = OnnxRoundTrip.Run(back.Graph, back.Weights, images);
        var actual = OnnxRuntime.Run(bytes, new() { ["input"] = images });
        for (var i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], actual[i], 1e-5);
    }

    private static Dictionary<string, HostTensor> Empty { get; } = [];

    private static (Graph Graph, Dictionary<string, HostTensor> Weights) Table(params int[] rows)
    {
        var graph = new Graph("g");
        graph.Input("input", TensorType.F32(1, 1));
        var table = new HostTensor(TensorType.F32(5, 3));
        for (var i = 0; i < 15; i++) table.Floats[i] = i + 1;
        var indices = new HostTensor(new TensorType(DType.Int32, new Shape(2, 2)));
        rows.CopyTo(indices.Ints);
        graph.Output("y", graph.Parameter("table", table.Shape, Initializer.Zeros).Take(graph.Constant(indices)));
        return (graph, new() { ["table"] = table });
    }

    private static void Refused(Graph graph, Dictionary<string, HostTensor> weights, string message) =>
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => OnnxRoundTrip.Write(graph, weights)).Message, StringComparison.Ordinal);
}
