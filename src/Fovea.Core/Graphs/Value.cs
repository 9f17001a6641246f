using Fovea.Tensors;

namespace Fovea.Graphs;

/// <summary>One result of a node: a tensor that is computed once and never changes.</summary>
public sealed class Value
{
    internal Value(Node node, int index, int id, TensorType type)
    {
        Node = node;
        Index = index;
        Id = id;
        Type = type;
    }

    /// <summary>The node that computes this value.</summary>
    public Node Node { get; }

    /// <summary>Which of the node's results this is.</summary>
    public int Index { get; }

    /// <summary>The number it is printed with; unique in its graph.</summary>
    public int Id { get; }

    /// <summary>Element type and shape.</summary>
    public TensorType Type { get; }

    /// <summary>The shape.</summary>
    public Shape Shape => Type.Shape;

    /// <summary>The graph that owns the value.</summary>
    public Graph Graph => Node.Graph;

    /// <summary>The operation that computes this value.</summary>
    public Op Op => Node.Op;

    /// <summary>Whether exactly one node input, output or update reads it.</summary>
    public bool UsedOnce => Uses == 1;

    /// <summary>How many node inputs, outputs and updates read it.</summary>
    public int Uses { get; internal set; }

    /// <summary>The variable it stands for, or null when it is computed.</summary>
    public Variable? Variable => Node.Op as Variable;

    /// <summary>For example <c>%7: f32[1, 64, 56, 56]</c>.</summary>
    public override string ToString() => $"%{Id}: {Type}";
}
