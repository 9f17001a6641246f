using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Execution;

/// <summary>Computes a graph by the definitions of its operations, in double precision: what every backend is compared with.</summary>
/// <remarks>
/// A value of type bf16 is rounded to bf16 when it is computed; a value of type f32 keeps all digits of its <see langword="double"/>;
/// integers are exact.
/// </remarks>
public static class Interpreter
{
    /// <summary>The outputs of a graph, and what its variables become.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="variables">The value of each variable that is read.</param>
    /// <returns>The values that <see cref="Graph.Outputs"/> and <see cref="Graph.Updates"/> name. They are not to be changed.</returns>
    public static IReadOnlyDictionary<Value, OracleTensor> Run(Graph graph, Func<Variable, OracleTensor> variables)
    {
        var wanted = new Dictionary<Value, OracleTensor>();
        Run(graph, variables, wanted.Add);
        return wanted;
    }

    /// <summary>
    /// As <see cref="Run(Graph, Func{Variable, OracleTensor})"/>, but hands each value over when it is computed, and keeps none longer than it is read.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="variables">The value of each variable that is read.</param>
    /// <param name="wanted">Receives what outputs and updates name, each value once.</param>
    public static void Run(Graph graph, Func<Variable, OracleTensor> variables, Action<Value, OracleTensor> wanted)
    {
        var outputs = graph.Outputs.Select(output => output.Value).Concat(graph.Updates.Select(update => update.Next)).ToHashSet();
        var (reads, values) = (Reads(graph, outputs), new Dictionary<Value, OracleTensor>());
        foreach (var node in graph.Nodes)
        {
            if (!node.Results.Any(reads.ContainsKey)) continue;
            var results = node.Op is Variable variable ? [variables(variable)] : Evaluate(node, input => values[input]);
            for (var i = 0; i < results.Length; i++)
            {
                if (outputs.Contains(node.Results[i])) wanted(node.Results[i], results[i]);
                if (reads.GetValueOrDefault(node.Results[i]) > 0) values[node.Results[i]] = results[i];
            }

            foreach (var input in node.Inputs)
                if (--reads[input] == 0) values.Remove(input);
        }
    }

    /// <summary>The results of one node, each rounded as its type says.</summary>
    /// <param name="node">The node; not a variable.</param>
    /// <param name="inputs">The values of its inputs.</param>
    public static OracleTensor[] Evaluate(Node node, Func<Value, OracleTensor> inputs)
    {
        var arguments = node.Inputs.Select(inputs).ToArray();
        var results = node.Results.Select(result => new OracleTensor(result.Shape)).ToArray();
        node.Op.Evaluate(arguments, results);
        for (var i = 0; i < results.Length; i++)
            if (node.Results[i].Type.DType == DType.BFloat16) Round(results[i].Elements);
        return results;
    }

    private static void Round(Span<double> elements)
    {
        foreach (ref var x in elements) x = BFloat16Bits.Round((float)x);
    }

    /// <summary>How often other nodes read each value that matters.</summary>
    private static Dictionary<Value, int> Reads(Graph graph, HashSet<Value> outputs)
    {
        var reads = outputs.ToDictionary(value => value, _ => 0);
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (!graph.Nodes[i].Results.Any(reads.ContainsKey)) continue;
            foreach (var input in graph.Nodes[i].Inputs) reads[input] = reads.GetValueOrDefault(input) + 1;
        }

        return reads;
    }
}
