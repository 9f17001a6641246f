
namespace Fovea.Graphs;

/// <summary>What is left of <see cref="GraphLimits"/> while a file is read.</summary>
/// <param name="limits">The limits.</param>
public sealed class GraphBudget(GraphLimits limits)
{
    private int _nodes;
    private long _operands;
    private int _ends;
    private long _described;
    private long _flops;

    /// <summary>Counts a node that has been added.</summary>
    /// <exception cref="GraphException">It is one too many, or too large.</exception>
    public void Take(Node node)
    {
        Want(++_nodes <= limits.Nodes, $"the graph has more than {limits.Nodes} nodes");
        Want((_operands += node.Inputs.Count) <= limits.Operands, $"the nodes of the graph have more than {limits.Operands} operands");
        foreach (var result in node.Results)
            Want(result.Shape.Elements <= limits.Elements, $"{node}: {result.Type} has {result.Shape.Elements} elements; wanted at most {limits.Elements}");
        var cost = node.Op.Cost([.. node.Inputs.Select(input => input.Type)], [.. node.Results.Select(result => result.Type)]);
        Want((_flops += cost.Flops) <= limits.Flops, $"{node}: with it the graph takes {_flops} operations for one image; wanted at most {limits.Flops}");
    }

    /// <summary>Counts an output, an update or an auxiliary.</summary>
    /// <exception cref="GraphException">It is one too many.</exception>
    public void TakeEnd() => Want(++_ends <= limits.Ends, $"the graph has more than {limits.Ends} outputs, updates and auxiliaries");

    /// <summary>Counts elements that are about to be made without standing in the file.</summary>
    /// <exception cref="GraphException">They are too many.</exception>
    public void TakeDescribed(long elements)
    {
        Want(
            elements <= limits.Described - _described, $"{_described} elements of constants and shapes and {elements} more; wanted at most {limits.Described}");
        _described += elements;
    }

    /// <summary>Checks the length of a name.</summary>
    /// <exception cref="GraphException">It is too long.</exception>
    public void CheckName(string name) => Want(name.Length <= limits.NameLength, $"a name has {name.Length} characters; wanted at most {limits.NameLength}");

    private static void Want(bool holds, [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument(nameof(holds))] ref Check.Message problem)
    {
        if (!holds) throw new GraphException(problem.Text);
    }
}
