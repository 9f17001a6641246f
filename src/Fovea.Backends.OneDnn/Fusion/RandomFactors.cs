using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>The factors that a <see cref="RandomScale"/> multiplies images by: step s32[1] → f32 [N, 1, …].</summary>
/// <param name="Scale">The operation.</param>
/// <param name="Shape">[N, 1, …], with as many axes as the images.</param>
internal sealed record RandomFactors(RandomScale Scale, Shape Shape) : Op
{
    public override string Name => "random_factors";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.That(inputs.Length == 1 && inputs[0] == new TensorType(DType.Int32, new Shape(1)), this, $"step is {inputs[0]}; wanted s32[1]");
        return [new TensorType(DType.Float32, Shape)];
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Graphs.Cost.OfFlops(0, inputs, results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        for (var n = 0; n < Shape.N; n++) results[0][n] = Factor((int)inputs[0][0], n);
    }

    /// <summary>The factor of image <paramref name="n"/> at a step.</summary>
    internal double Factor(int step, int n) => Scale.Law.Factor(new Philox(Scale.Seed, Philox.Stream(Scale.Stream, (ulong)step)), n, Scale.Backward);

    public override void Print(AttributeWriter to) => Scale.Print(to);
}
