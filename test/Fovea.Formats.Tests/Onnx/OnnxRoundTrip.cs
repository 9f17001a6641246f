using Fovea.Conformance;
using Fovea.Execution;
using Fovea.Formats.Onnx;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.Onnx;

/// <summary>Graphs through a file and back.</summary>
internal static class OnnxRoundTrip
{
    internal static byte[] Write(Graph graph, IReadOnlyDictionary<string, HostTensor> weights, OnnxWriteOptions? options = null)
    {
        using var stream = new MemoryStream();
        OnnxFile.Write(stream, graph, weights, options);
        return stream.ToArray();
    }

    internal static OnnxModel Read(byte[] bytes, OnnxReadOptions? options = null) => OnnxFile.Read(new MemoryStream(bytes), "m.onnx", options);

    /// <summary>A value for each parameter and state, all different, none extreme.</summary>
    internal static Dictionary<string, HostTensor> Weights(Graph graph, ulong seed = 1)
    {
        var weights = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        var kept = graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind is VariableKind.Parameter or VariableKind.State);
        foreach (var variable in kept)
        {
            var draws = new Philox(seed, Philox.Hash(variable.Label));
            var fanIn = variable.Type.Shape.Rank < 2 ? 1 : variable.Type.Shape.Elements / variable.Type.Shape[0];
            var tensor = new HostTensor(variable.Type);
            for (var i = 0; i < tensor.Floats.Length; i++) tensor.Floats[i] = (float)Element(variable.Label, draws.Uniform((ulong)i), fanIn);
            weights.Add(variable.Label, tensor);
        }

        return weights;
    }

    internal static HostTensor Images(TensorType type, ulong seed = 2)
    {
        var (draws, images) = (new Philox(seed, 0), new HostTensor(type));
        for (var i = 0; i < images.Floats.Length; i++) images.Floats[i] = (float)((2 * draws.Uniform((ulong)i)) - 1);
        return images;
    }

    internal static float[] Run(Graph graph, IReadOnlyDictionary<string, HostTensor> weights, HostTensor images)
    {
        var session = new ReferenceBackend().Open();
        var plan = session.Compile(graph);
        foreach (var name in session.Variables) session.Write(name, weights[name]);
        foreach (var input in graph.Variables.Where(value => value.Variable!.Kind == VariableKind.Input)) plan.Fill(input.Variable!.Label, images);
        plan.Run();
        return plan.Result(graph.Outputs[0].Name).ToArray();
    }

    /// <summary>An operation of the catalogue applied to parameters, so that any shapes will do.</summary>
    internal static (Graph Graph, Dictionary<string, HostTensor> Weights) OfCase(OpCase @case)
    {
        var graph = new Graph(@case.Name);
        graph.Input("input", TensorType.F32(1, 1));
        var inputs = @case.Inputs.Select((input, i) => graph.Declare(new Variable($"x{i}", VariableKind.Parameter, input.Type, Initializer.Zeros))).ToArray();
        graph.Output("y", graph.AddNode(@case.Op, inputs).Result);
        return (graph, @case.Fill().Select((tensor, i) => (Name: $"x{i}", Tensor: tensor)).ToDictionary(entry => entry.Name, entry => entry.Tensor));
    }

    private static double Element(string label, double unit, long fanIn) => label.Split('.')[^1] switch
    {
        "running_var" => 0.5 + unit,
        "running_mean" or "bias" => 0.2 * (unit - 0.5),
        _ when fanIn == 1 => 0.8 + (0.4 * unit),
        _ => (2 * unit - 1) * Math.Sqrt(6.0 / fanIn),
    };
}
