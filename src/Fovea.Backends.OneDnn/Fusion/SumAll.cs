using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>The sum of two or more values of one type, through a pointwise function if one is given, in one pass over memory.</summary>
/// <param name="Activation">The function at the end, or null.</param>
internal sealed record SumAll(Pointwise? Activation) : Op
{
    public override string Name => "sum_all";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.That(inputs.Length >= 2, this, $"{inputs.Length} inputs; wanted two or more");
        foreach (var input in inputs) Check.That(input == inputs[0], this, $"{input} and {inputs[0]} differ");
        return [inputs[0]];
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(inputs.Length * results[0].Shape.Elements, inputs, results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var y = results[0];
        foreach (var input in inputs)
            for (var i = 0; i < y.Elements.Length; i++) y[i] += input[i];
        if (Activation is null) return;
        foreach (ref var element in y.Elements.AsSpan()) element = Activation.Function(element);
    }

    public override void Print(AttributeWriter to) => Fused.PrintActivation(to, Activation);
}
