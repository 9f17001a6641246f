using System.Globalization;
using Fovea.Graphs;

namespace Fovea.Formats.Tests.Onnx;

/// <summary>The text of a graph without what a file format need not keep: where variables are declared, how they start, numbers of values.</summary>
internal static class Canonical
{
    internal static string Print(Graph graph)
    {
        var names = new Dictionary<Value, string>();
        var lines = new List<string>();
        foreach (var node in graph.Nodes)
        {
            if (node.Op is Variable variable)
            {
                names.Add(node.Result, $"{variable.Name} {variable.Label} {variable.Type}");
                continue;
            }

            var attributes = new AttributeWriter();
            node.Op.Print(attributes);
            foreach (var result in node.Results)
                names.Add(result, lines.Count.ToString(CultureInfo.InvariantCulture) + (result.Index == 0 ? "" : $".{result.Index}"));
            lines.Add($"{lines.Count}: {node.Op.Name} {string.Join(", ", node.Inputs.Select(input => names[input]))} {attributes} {node.Result.Type}");
        }

        lines.AddRange(graph.Outputs.Select(output => $"output {output.Name} {names[output.Value]}"));
        return string.Join('\n', lines);
    }
}
