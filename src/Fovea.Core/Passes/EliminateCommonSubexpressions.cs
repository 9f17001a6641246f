using Fovea.Graphs;

namespace Fovea.Passes;

/// <summary>Computes equal operations on equal inputs once.</summary>
public sealed class EliminateCommonSubexpressions : Pass
{
    private readonly Dictionary<Key, Node> _seen = [];

    /// <inheritdoc/>
    public override string Name => "eliminate_common_subexpressions";

    /// <inheritdoc/>
    protected override void Prepare(Graph source) => _seen.Clear();

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (node.Op is Variable) return null;
        var inputs = node.Inputs.Select(input => to[input]).ToArray();
        var key = new Key(node.Op, inputs);
        if (!_seen.TryGetValue(key, out var first)) _seen.Add(key, first = to.Graph.AddNode(node.Op, inputs));
        return [.. first.Results];
    }

    private readonly struct Key(Op op, Value[] inputs) : IEquatable<Key>
    {
        private readonly Op _op = op;
        private readonly Value[] _inputs = inputs;

        public bool Equals(Key other) => _op.Equals(other._op) && _inputs.AsSpan().SequenceEqual(other._inputs);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_op);
            foreach (var input in _inputs) hash.Add(input.Id);
            return hash.ToHashCode();
        }
    }
}
