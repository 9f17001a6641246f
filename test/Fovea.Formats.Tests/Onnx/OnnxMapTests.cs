using Fovea.Conformance;
using Fovea.Formats.Onnx.Map;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.Onnx;

public sealed class OnnxMapTests
{
    public static TheoryData<string> Cases() => [.. Written().Select(@case => @case.Name)];

    [Fact]
    public void Every_operation_is_written_or_exempt_with_a_reason() => Assert.Empty(Completeness.Problems(
        Completeness.OpTypes.Select(type => type.Name),
        OnnxMap.Writes.Keys.Select(type => type.Name),
        OnnxMap.Exempt.ToDictionary(entry => entry.Key.Name, entry => entry.Value)));

    [Fact]
    public void Every_operation_that_is_written_has_a_case() =>
        Assert.Empty(OnnxMap.Writes.Keys.Except(OpCatalogue.All.Select(@case => @case.Op.GetType())).Select(type => type.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operation_computes_the_same_after_a_file_and_back(string name)
    {
        var (graph, weights) = OnnxRoundTrip.OfCase(OpCatalogue.Find(name));
        var back = OnnxRoundTrip.Read(OnnxRoundTrip.Write(graph, weights));
        var images = new HostTensor(TensorType.F32(1, 1));
        var (expected, actual) = (OnnxRoundTrip.Run(graph, weights, images), OnnxRoundTrip.Run(back.Graph, back.Weights, images));
        Assert.Equal(graph.Output("y").Type, back.Graph.Output("y").Type);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6 * (1 + Math.Abs(expected[i])));
    }

    [Fact]
    public void Mean_pooling_with_dilation_which_the_operator_set_lacks_is_refused_by_name()
    {
        var graph = new Graph("g");
        graph.Output("y", graph.Input("input", TensorType.F32(1, 2, 8, 8)).AvgPool(3, 3, Window2d.Of(dilation: 2)));
        Refused(graph, "avg_pool: cannot be written: AveragePool of operator set 17 has no dilation; this one has 2x2");
    }

    [Fact]
    public void Training_graph_lowered_graph_and_missing_weights_are_refused()
    {
        var graph = new Graph("g");
        var x = graph.Input("input", TensorType.F32(1, 2));
        graph.Output("y", x.Cast(DType.BFloat16).Cast(DType.Float32));
        Refused(graph, "wanted the graph in float32");

        var gradient = new Graph("g");
        var y = gradient.Input("input", TensorType.F32(1, 2));
        gradient.Output("y", gradient.Add(new Blend(1, 1), y, y));
        Assert.Contains(
            "cannot be followed", Assert.Throws<GraphException>(() => OnnxRoundTrip.Write(gradient, new Dictionary<string, HostTensor>())).Message,
            StringComparison.Ordinal);

        var weighted = new Graph("g");
        weighted.Output("y", weighted.Input("input", TensorType.F32(1, 2)).Plus(weighted.Parameter("fc.bias", new Shape(2), Initializer.Zeros)));
        Refused(weighted, "fc.bias: the weight is missing; wanted f32[2]");
        Refused(weighted, "fc.bias: the weight is f32[3]; wanted f32[2]", ("fc.bias", HostTensor.Filled(new Shape(3), 0)));
    }

    /// <summary>The float32 cases of operations that are written.</summary>
    internal static IEnumerable<OpCase> Written() => OpCatalogue.All.Where(@case =>
        @case.Op is not AvgPool { Window: not { DilationH: 1, DilationW: 1 } } && OnnxMap.Writes.ContainsKey(@case.Op.GetType())
            && @case.Inputs.All(input => input.Type.DType == DType.Float32) && @case.Build().Result.Type.DType == DType.Float32);

    private static void Refused(Graph graph, string message, params (string Name, HostTensor Tensor)[] weights) => Assert.Contains(
        message,
        Assert.Throws<ModelFormatException>(() => OnnxRoundTrip.Write(graph, weights.ToDictionary(entry => entry.Name, entry => entry.Tensor))).Message,
        StringComparison.Ordinal);
}
