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
        var reads = Reads(graph, out var wanted);
        var values = new Dictionary<Value, OracleTensor>();
        foreach (var node in graph.Nodes)
        {
            if (!node.Results.Any(reads.ContainsKey)) continue;
            var results = node.Op is Variable variable ? [variables(variable)] : Evaluate(node, input => values[input]);
            for (var i = 0; i < results.Length; i++)
                if (reads.ContainsKey(node.Results[i])) values[node.Results[i]] = results[i];
            foreach (var input in node.Inputs)
                if (--reads[input] == 0) values.Remove(input);
        }

        return wanted.ToDictionary(value => value, value => values[value]);
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

    /// <summary>How often each value that matters is read; what is wanted at the end is read once more.</summary>
    private static Dictionary<Value, int> Reads(Graph graph, out HashSet<Value> wanted)
    {
        wanted = [.. graph.Outputs.Select(output => output.Value), .. graph.Updates.Select(update => update.Next)];
        var reads = wanted.ToDictionary(value => value, _ => 1);
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (!graph.Nodes[i].Results.Any(reads.ContainsKey)) continue;
            foreach (var input in graph.Nodes[i].Inputs) reads[input] = reads.GetValueOrDefault(input) + 1;
        }

        return reads;
    }
}
