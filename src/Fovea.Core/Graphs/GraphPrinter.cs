using System.Globalization;
using System.Text;

namespace Fovea.Graphs;

/// <summary>Prints a graph as text that <c>GraphParser</c> reads back: a line a node, then outputs, updates and auxiliaries.</summary>
public static class GraphPrinter
{
    /// <summary>The text of a graph.</summary>
    public static string Print(Graph graph)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"graph \"{graph.Name}\"\n");
        foreach (var node in graph.Nodes) text.Append(Line(node)).Append('\n');
        foreach (var (name, value) in graph.Outputs) text.Append(CultureInfo.InvariantCulture, $"output \"{name}\" %{value.Id}\n");
        foreach (var (variable, next) in graph.Updates) text.Append(CultureInfo.InvariantCulture, $"update %{variable.Id} %{next.Id}\n");
        foreach (var (name, value, weight) in graph.Auxiliaries) text.Append(CultureInfo.InvariantCulture, $"auxiliary \"{name}\" %{value.Id} {weight:R}\n");
        return text.ToString();
    }

    /// <summary>The line of one node.</summary>
    public static string Line(Node node)
    {
        var results = string.Join(", ", node.Results.Select(result => $"%{result.Id}"));
        var types = string.Join(", ", node.Results.Select(result => result.Type.ToString()));
        if (node.Op is Variable v) return $"{results} = {v.Name} \"{v.Label}\" {v.Initial} : {types}";
        var inputs = string.Concat(node.Inputs.Select((input, i) => (i == 0 ? " %" : ", %") + input.Id.ToString(CultureInfo.InvariantCulture)));
        var attributes = new AttributeWriter();
        node.Op.Print(attributes);
        var braces = attributes.ToString();
        return $"{results} = {node.Op.Name}{inputs}{(braces.Length > 0 ? " " : "")}{braces} : {types}";
    }
}
