using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>Computes what depends on constants alone, in double, and rounds it once.</summary>
/// <remarks>
/// Constants that nothing reads any more are left to <see cref="EliminateDeadNodes"/>. A result that is larger than <see cref="Largest"/>
/// and than what it is computed from stays computed: a broadcast is cheaper than its result. So does what comes after
/// <see cref="GraphLimits.Described"/> elements have been folded.
/// </remarks>
public sealed class FoldConstants : Pass
{
    /// <summary>The number of elements up to which a result is always folded.</summary>
    public const int Largest = 4096;

    private readonly Dictionary<Value, OracleTensor> _exact = [];
    private long _left;

    /// <inheritdoc/>
    public override string Name => "fold_constants";

    /// <inheritdoc/>
    protected override void Prepare(Graph source)
    {
        _exact.Clear();
        _left = GraphLimits.Default.Described;
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (node.Inputs.Count == 0 || !node.Inputs.All(input => input.Op is Constant || _exact.ContainsKey(input)) || Grows(node)) return null;
        var elements = node.Results.Concat(node.Inputs).Sum(value => value.Shape.Elements);
        if (elements > _left) return null;
        _left -= elements;
        var results = Interpreter.Evaluate(node, Exact);
        var folded = new Value[results.Length];
        for (var i = 0; i < results.Length; i++)
        {
            _exact[node.Results[i]] = results[i];
            folded[i] = to.Graph.Add(new Constant(results[i].To(node.Results[i].Type.DType)));
        }

        return folded;
    }

    private OracleTensor Exact(Value value)
    {
        if (_exact.TryGetValue(value, out var known)) return known;
        return _exact[value] = OracleTensor.From(((Constant)value.Op).Tensor);
    }

    private static bool Grows(Node node)
    {
        var elements = node.Results.Sum(result => result.Shape.Elements);
        return elements > Largest && elements > node.Inputs.Sum(input => input.Shape.Elements);
    }
}
