using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>A residual branch that training scales at random, as a model is evaluated: x [N, …] → y = <see cref="Evaluated"/>·x.</summary>
/// <remarks>The pass <c>EnterTraining</c> turns it into <see cref="RandomScale"/>.</remarks>
public abstract record RandomBranch : Op
{
    /// <summary>How training draws the factor of each image.</summary>
    public abstract ScaleLaw Law { get; }

    /// <summary>The factor in evaluation: by default the mean of that in training.</summary>
    public virtual double Evaluated => Law.Mean;

    /// <summary>The factor in a training run that is to be compared with another without randomness: by default 1, the branch survives.</summary>
    public virtual double Settled => 1;

    /// <inheritdoc/>
    public sealed override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        Law.Check(this);
        Check.That(inputs[0].DType.IsFloat && inputs[0].Shape.Rank > 0, this, $"x is {inputs[0]}; wanted fractions [N, …]");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public sealed override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [dy[0]!.Scaled(Evaluated)];

    /// <inheritdoc/>
    public sealed override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Evaluated == 1 ? default : Graphs.Cost.OfFlops(results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public sealed override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0].Elements, results[0].Elements);
        for (var i = 0; i < y.Length; i++) y[i] = Evaluated * x[i];
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary>factor·x, or x itself where the factor is 1.</summary>
    internal static Value Scaled(this Value x, double factor) => factor == 1 ? x : x.Times(factor);
}
