using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>A sum of batch-normalised branches and of plain terms, through ReLU or not, in two passes over memory.</summary>
/// <remarks>
/// x₁, γ₁, β₁, x₂, γ₂, β₂, …, z₁, … → y = act(Σ norm(xᵢ) + Σ zⱼ), mean₁, variance₁, …. One branch alone is batch normalisation; two or three are
/// the block of RepVGG; a branch and a term are the end of a residual block. With ReLU the plan keeps a bit mask for the gradient.
/// </remarks>
/// <param name="Branches">How many branches; from 1.</param>
/// <param name="Epsilon">ε of the branches.</param>
/// <param name="Rectified">Whether ReLU follows.</param>
internal sealed record NormSum(int Branches, double Epsilon, bool Rectified) : Op
{
    private BatchNormTraining Norm => new(Epsilon);

    public override string Name => "norm_sum";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.That(Branches >= 1 && inputs.Length >= 3 * Branches, this, $"{inputs.Length} inputs for {Branches} branches; wanted three each");
        var results = new List<TensorType> { inputs[0] };
        for (var i = 0; i < Branches; i++) results.AddRange(Norm.Infer(inputs.Slice(3 * i, 3))[1..]);
        for (var i = 0; i < inputs.Length; i++)
            if (i >= 3 * Branches || i % 3 == 0) Check.That(inputs[i] == inputs[0], this, $"{inputs[i]} and {inputs[0]} differ");
        return [.. results];
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(7 * Branches * results[0].Shape.Elements, inputs, results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var y = results[0];
        for (var i = 0; i < Branches; i++)
        {
            var branch = new OracleTensor(y.Shape);
            Norm.Evaluate(inputs.Slice(3 * i, 3), [branch, results[1 + (2 * i)], results[2 + (2 * i)]]);
            for (var j = 0; j < y.Elements.Length; j++) y[j] += branch[j];
        }

        foreach (var z in inputs[(3 * Branches)..])
            for (var j = 0; j < y.Elements.Length; j++) y[j] += z[j];
        if (!Rectified) return;
        foreach (ref var element in y.Elements.AsSpan()) element = Math.Max(element, 0);
    }

    public override void Print(AttributeWriter to)
    {
        to.Add("branches", Branches);
        to.Add("epsilon", Epsilon);
        to.Add("relu", Rectified);
    }
}

/// <summary>
/// The gradient of <see cref="NormSum"/>: x₁, γ₁, mean₁, variance₁, …[, y], dy₁, … → dx₁, dγ₁, dβ₁, …[, dz], where the result's gradient is Σ dyⱼ.
/// </summary>
/// <param name="Branches">How many branches.</param>
/// <param name="Epsilon">ε of the branches.</param>
/// <param name="Rectified">Whether the gradient first passes the mask of y > 0; then y is an input.</param>
/// <param name="GivesTerm">Whether the summed and masked gradient dz, which is that of every plain term, is a result.</param>
/// <param name="Terms">How many gradients are summed; above one, dz is a result.</param>
internal sealed record NormSumGradient(int Branches, double Epsilon, bool Rectified, bool GivesTerm, int Terms = 1) : Op
{
    public override string Name => "norm_sum_gradient";

    /// <summary>Which input dy₁ is.</summary>
    internal int FirstTerm => (4 * Branches) + (Rectified ? 1 : 0);

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(FirstTerm + Terms, inputs.Length, this);
        Check.That(GivesTerm || Terms == 1, this, $"{Terms} gradients without their sum as a result; wanted one, or the sum");
        var results = new List<TensorType>();
        for (var i = 0; i < Branches; i++)
        {
            var gamma = inputs[(4 * i) + 1];
            results.AddRange(new BatchNormGradient(Epsilon).Infer([inputs[4 * i], gamma, gamma, inputs[(4 * i) + 2], inputs[(4 * i) + 3], inputs[^1]]));
        }

        if (GivesTerm) results.Add(inputs[^1]);
        return [.. results];
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(((11 * Branches) + Terms - 1) * inputs[^1].Shape.Elements, inputs, results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var dz = new OracleTensor(inputs[^1].Shape);
        foreach (var dy in inputs[FirstTerm..])
            for (var j = 0; j < dz.Elements.Length; j++) dz[j] += dy[j];
        if (Rectified)
            for (var j = 0; j < dz.Elements.Length; j++)
                if (inputs[FirstTerm - 1][j] <= 0) dz[j] = 0;
        for (var i = 0; i < Branches; i++)
        {
            var (x, gamma, mean, variance) = (inputs[4 * i], inputs[(4 * i) + 1], inputs[(4 * i) + 2], inputs[(4 * i) + 3]);
            new BatchNormGradient(Epsilon).Evaluate([x, gamma, gamma, mean, variance, dz], results.Slice(3 * i, 3));
        }

        if (GivesTerm) dz.Elements.CopyTo(results[^1].Elements, 0);
    }

    public override void Print(AttributeWriter to)
    {
        to.Add("branches", Branches);
        to.Add("epsilon", Epsilon);
        to.Add("relu", Rectified);
        to.Add("term", GivesTerm);
        to.Add("gradients", Terms);
    }
}
