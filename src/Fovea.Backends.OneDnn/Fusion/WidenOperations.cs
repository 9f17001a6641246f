using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>
/// Computes in float32 what has no implementation in the element type of its operands: casts stand around it, and what is kept between operations stays
/// as narrow as it was.
/// </summary>
/// <remarks>
/// Values are rounded where they would be otherwise, so that all machines compute the same numbers but for the order of sums. A wide copy serves the
/// operations close by alone: one that lived from a forward pass to its gradient would undo what the narrow type saves.
/// </remarks>
/// <param name="computesIn">The element type in which a node is computed.</param>
/// <param name="widened">Receives the operations that were widened; each is an object of its own, which later passes carry over.</param>
internal sealed class WidenOperations(Func<Node, DType> computesIn, HashSet<Op> widened) : Pass
{
    /// <summary>How many nodes apart two readers may be to share a wide copy.</summary>
    private const int Close = 32;

    private readonly Dictionary<Value, Value> _copies = [];

    public override string Name => "widen_operations";

    protected override void Prepare(Graph source) => _copies.Clear();

    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (!node.Inputs.Any(IsNarrow) || computesIn(node) != DType.Float32) return null;
        var op = node.Op with { };
        widened.Add(op);
        var results = to.Graph.AddNode(op, [.. node.Inputs.Select(input => Wide(to[input]))]).Results;
        return [.. results.Zip(node.Results, (wide, narrow) => wide.Cast(narrow.Type.DType))];
    }

    private static bool IsNarrow(Value value) => value.Type.DType == DType.BFloat16;

    private Value Wide(Value value)
    {
        if (!IsNarrow(value)) return value;
        if (!_copies.TryGetValue(value, out var wide) || !IsClose(wide)) _copies[value] = wide = value.Cast(DType.Float32);
        return wide;
    }

    private static bool IsClose(Value value) => value.Graph.Nodes.Count - value.Node.Index <= Close;
}
