using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Conformance;

/// <summary>Mode «result»: a backend against the oracle.</summary>
public static class ResultCheck
{
    /// <summary>Runs a case on a backend and compares every result with the oracle's, sums of products of real size at sampled places.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="case">The case.</param>
    /// <param name="precision">f32, or bf16 for a case that has such a form.</param>
    /// <exception cref="ConformanceException">They differ.</exception>
    public static void Run(IBackend backend, OpCase @case, DType precision = DType.Float32)
    {
        var form = @case.In(precision);
        var node = form.Build();
        for (var i = 0; i < node.Results.Count; i++) node.Graph.Output($"y{i}", node.Results[i]);
        if (form.RealSize && SampledOracle.Has(form.Op)) AtSamples(backend, node, form, precision);
        else Against(backend, node.Graph, form.Fill(), form.Name, form.Tolerance.For(precision));
    }

    /// <summary>Runs a graph with inputs x0, x1, … on a backend and compares every output with the oracle's.</summary>
    internal static void Against(IBackend backend, Graph graph, HostTensor[] inputs, string name, double tolerance)
    {
        var wanted = Interpreter.Run(graph, variable => OracleTensor.From(inputs[Index(variable)]));
        var found = Found(backend, graph, inputs);
        foreach (var (output, value) in graph.Outputs)
            Comparison.Close($"{name} on {backend.Name}: {output} {value.Type}", wanted[value], found[output], tolerance);
    }

    private static void AtSamples(IBackend backend, Node node, OpCase form, DType precision)
    {
        var inputs = form.Fill();
        var places = SampledOracle.Places((int)node.Result.Shape.Elements);
        var wanted = SampledOracle.At(form.Op, Array.ConvertAll(inputs, OracleTensor.From), node.Result.Shape, places);
        var all = Found(backend, node.Graph, inputs)["y0"];
        var found = new OracleTensor(wanted.Shape, [.. places.Select(place => all[place])]);
        Comparison.Close($"{form.Name} on {backend.Name}: samples of {node.Result.Type}", wanted, found, form.Tolerance.For(precision));
    }

    private static Dictionary<string, OracleTensor> Found(IBackend backend, Graph graph, HostTensor[] inputs)
    {
        using var session = backend.Open();
        using var run = session.Compile(graph);
        foreach (var variable in graph.Variables) run.Fill(variable.Variable!.Label, inputs[Index(variable.Variable)]);
        run.Run();
        return graph.Outputs.ToDictionary(
            output => output.Name, output => OracleTensor.From(new HostTensor(output.Value.Type, run.Output(output.Name).ToArray())));
    }

    /// <summary>The number of an input x0, x1, ….</summary>
    internal static int Index(Variable variable) => int.Parse(variable.Label.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
}
