using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Conformance.Blocks;

/// <summary>The result of a block and its gradients on a backend, against the oracle.</summary>
public static class BlockCheck
{
    private static readonly Tolerance s_tolerance = new(
        1e-4, 6e-2, "statistics over all pixels, and in the gradients differences of nearly equal numbers; in bfloat16 what stands between is rounded or not");

    /// <summary>Compares every element of the result and of all gradients.</summary>
    /// <remarks>
    /// The gradient that arrives is zero wherever the argument of a function comes so near to its kink that rounding may move it over: then it
    /// does not matter on which side it is.
    /// </remarks>
    /// <exception cref="ConformanceException">They differ.</exception>
    public static void Run(IBackend backend, BlockCase block, DType precision)
    {
        var graph = new Graph(block.Name);
        var inputs = block.Inputs.Select(input => input.StaysWide ? input : input with { Type = input.Type with { DType = precision } }).ToArray();
        var x = inputs.Select((input, i) => graph.Input($"x{i}", input.Type)).ToArray();
        var y = block.Build(x);
        var weight = OpInput.Of(y.Shape.ToArray());
        var r = graph.Input($"x{x.Length}", weight.Type);
        var gradients = Autodiff.Gradients(y.Cast(DType.Float32).Times(r).Sum(), x);
        graph.Output("y", y);
        for (var i = 0; i < x.Length; i++) graph.Output($"dx{i}", gradients[i] ?? throw new ConformanceException($"{block}: no gradient reaches input {i}"));

        var tensors = inputs.Append(weight).Select((input, i) => input.Make(Philox.Stream(Philox.Hash(block.Name), (ulong)i))).ToArray();
        LeaveOutKinks(graph, y, tensors, margin: precision == DType.BFloat16 ? 0.05 : 1e-3);
        var live = new PassDriver().Run(graph, new EliminateDeadNodes());
        ResultCheck.Against(backend, live, tensors, $"{block} {precision.ShortName}", s_tolerance.For(precision));
    }

    private static void LeaveOutKinks(Graph graph, Value y, HostTensor[] tensors, double margin)
    {
        var watched = new Remap(graph);
        foreach (var node in graph.Nodes) watched.Copy(node);
        var kinked = graph.Nodes.Where(node => Kinks(node.Op).Length > 0 && node.Inputs[0].Shape == y.Shape).ToArray();
        for (var i = 0; i < kinked.Length; i++) watched.Graph.Output($"argument{i}", watched[kinked[i].Inputs[0]]);
        var values = Interpreter.Run(watched.Graph, variable => OracleTensor.From(tensors[ResultCheck.Index(variable)]));
        var weights = tensors[^1].Floats;
        foreach (var node in kinked)
        {
            var argument = values[watched[node.Inputs[0]]];
            for (var i = 0; i < weights.Length; i++)
                if (Array.Exists(Kinks(node.Op), kink => Math.Abs(argument[i] - kink) < margin)) weights[i] = 0;
        }
    }

    private static double[] Kinks(Op op) => op switch
    {
        Relu or LeakyRelu => [0],
        Clip clip => [clip.Low, clip.High],
        HardSwish or HardSigmoid => [-3, 3],
        _ => [],
    };
}
