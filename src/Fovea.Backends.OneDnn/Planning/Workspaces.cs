using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>What forward steps leave for their gradients beside results: the places of maxima, the signs that a rectifier met.</summary>
internal sealed class Workspaces
{
    private readonly Dictionary<(Value Value, Op Op), Buffer> _kept = [];

    /// <summary>Keeps what a forward operation has found in a value.</summary>
    internal void Keep(Value value, Op op, Buffer workspace) => _kept[(Origin(value), op)] = workspace;

    /// <summary>What an equal operation has found in the value, or null.</summary>
    internal Buffer? Find(Value value, Op op) => _kept.GetValueOrDefault((Origin(value), op));

    /// <summary>What a value is converted from: each reader may have a conversion of its own.</summary>
    private static Value Origin(Value value) => value.Op is Cast ? Origin(value.Node.Inputs[0]) : value;
}
