using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>
/// Each image times a random factor: x [N, …], step s32 [1] → y = factor·x. What <see cref="RandomBranch"/> and <see cref="ShakeShake"/> are in training.
/// </summary>
/// <remarks>
/// The factors are those of <see cref="ScaleLaw"/> with the generator <c>new Philox(Seed, Philox.Stream(Stream, step))</c>. The gradient is the
/// same operation on dy with the factors of the backward pass; where these differ it is no derivative, as published.
/// </remarks>
/// <param name="Law">How factors are drawn.</param>
/// <param name="Seed">The key of the draws.</param>
/// <param name="Stream">Which of a model's random operations this is: the stream of its name, <see cref="Philox.Stream(string, string)"/>.</param>
/// <param name="Backward">Whether it takes the factors of the backward pass.</param>
public sealed record RandomScale(ScaleLaw Law, ulong Seed, ulong Stream, bool Backward = false) : Op
{
    /// <inheritdoc/>
    public override string Name => "random_scale";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Law.Check(this);
        Check.That(inputs[0].DType.IsFloat && inputs[0].Shape.Rank > 0, this, $"x is {inputs[0]}; wanted fractions [N, …]");
        Check.That(inputs[1] == new TensorType(DType.Int32, new Shape(1)), this, $"step is {inputs[1]}; wanted s32[1]");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        [node.Graph.Add(this with { Backward = true }, dy[0]!, node.Inputs[1]), null];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0], results[0]);
        var draws = new Philox(Seed, Philox.Stream(Stream, (ulong)(int)inputs[1][0]));
        var image = (int)(x.Shape.Elements / Math.Max(1, x.Shape.N));
        for (var n = 0; n < x.Shape.N; n++)
        {
            var factor = Law.Factor(draws, n, Backward);
            for (var i = 0; i < image; i++) y[((long)n * image) + i] = factor == 0 ? 0 : factor * x[((long)n * image) + i];
        }
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        Law.Print(to);
        to.Add("seed", Seed);
        to.Add("stream", Stream);
        to.Add("backward", Backward);
    }

    internal static RandomScale Parse(AttributeReader from) =>
        new(ScaleLaw.Parse(from), from.Unsigned("seed"), from.Unsigned("stream"), from.Flag("backward"));
}
