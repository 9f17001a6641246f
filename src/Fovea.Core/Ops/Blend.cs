using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>α·a + β·b of two values of one type: running statistics, averages of weights.</summary>
/// <param name="Alpha">α.</param>
/// <param name="Beta">β.</param>
public sealed record Blend(double Alpha, double Beta) : Op
{
    /// <inheritdoc/>
    public override string Name => "blend";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Check.Finite(Alpha, this, "alpha");
        Check.Finite(Beta, this, "beta");
        Check.That(inputs[0] == inputs[1] && inputs[0].DType.IsFloat, this, $"a is {inputs[0]}, b is {inputs[1]}; wanted the same, of fractions");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [dy[0]!.Times(Alpha), dy[0]!.Times(Beta)];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(3 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (a, b, y) = (inputs[0].Elements, inputs[1].Elements, results[0].Elements);
        for (var i = 0; i < y.Length; i++) y[i] = (Alpha * a[i]) + (Beta * b[i]);
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("alpha", Alpha);
        to.Add("beta", Beta);
    }

    internal static Blend Parse(AttributeReader from) => new(from.Number("alpha"), from.Number("beta"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary>α·x + β·other.</summary>
    public static Value Blend(this Value x, Value other, double alpha, double beta) => x.Graph.Add(new Blend(alpha, beta), x, other);
}
