using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Optimizers;

/// <summary>
/// Muon (Jordan et al. 2024): the momentum of each weight matrix, made nearly orthogonal by Newton and Schulz's iteration, is the step; a kernel is the
/// matrix of its output channels by all else. Parameters of one axis are trained by SGD with the same momentum at <see cref="OtherLearningRate"/>.
/// </summary>
/// <remarks>The first convolution and the classifier are often left to other rules; cifar10-airbench gives all convolution kernels to Muon.</remarks>
public sealed record MuonOptions : OptimizerOptions
{
    private const string Velocity = "muon_momentum";

    /// <summary>Defaults: learning rate 0.02, weight decay 0.</summary>
    public MuonOptions() => (LearningRate, WeightDecay) = (0.02, 0);

    /// <inheritdoc/>
    public override string Kind => "muon";

    /// <summary>μ; at least 0 and below 1. Default 0.95.</summary>
    public double Momentum { get; init; } = 0.95;

    /// <inheritdoc/>
    public override double KeptDirection => Momentum;

    /// <summary>Whether the gradient is taken as if after the momentum's step; default true.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>The steps of the iteration; 1–20. Default 5.</summary>
    public int Iterations { get; init; } = 5;

    /// <summary>The rate of parameters of one axis where that of the others is the full one; above 0, 1e-30 to 1e30. Default 0.1.</summary>
    public double OtherLearningRate { get; init; } = 0.1;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Momentum, 0, 1);
        checks.AtLeast(Iterations, 1, 20);
        checks.Positive(OtherLearningRate, OptionChecks.LargestScale);
        if (Nesterov && Momentum == 0) checks.Fail(nameof(Nesterov), "true with momentum 0", "a momentum above 0, or nesterov: false");
    }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        if (update.Weight.Shape.Rank < 2)
        {
            var other = update.Number("muon_other_rate", moment => moment.Rate * OtherLearningRate / LearningRate);
            return update.Weight.Minus(SgdOptions.Direction(update, update.DecayedGradient, Momentum, Nesterov).Times(other));
        }

        var velocity = update.Slot(Velocity);
        var next = update.Keep(Velocity, velocity.Blend(update.Gradient, Momentum, 1 - Momentum));
        var direction = Nesterov ? update.Gradient.Blend(next, 1 - Momentum, Momentum) : next;
        var shape = direction.Shape;
        var (rows, columns) = (shape.N, checked((int)(shape.Elements / shape.N)));
        var step = Orthogonal(direction.Reshape(new Shape(rows, columns))).Reshape(shape);
        var stretch = Math.Sqrt(Math.Max(1, (double)rows / columns));
        return update.DecayedWeightMinus(step.Times(update.Number(FormattableString.Invariant($"muon_rate_{stretch:R}"), moment => moment.Rate * stretch)));
    }

    /// <summary>X = G/|G|; repeated: A = X·Xᵀ, X = a·X + (b·A + c·A²)·X, with the coefficients of the authors; on the side with fewer rows.</summary>
    private Value Orthogonal(Value matrix)
    {
        const double a = 3.4445, b = -4.7750, c = 2.0315, epsilon = 1e-7;
        var isTall = matrix.Shape[0] > matrix.Shape[1];
        var x = isTall ? matrix.Transpose(1, 0) : matrix;
        x = x.Over(ParameterUpdate.Norm(x).Plus(epsilon));
        for (var i = 0; i < Iterations; i++)
        {
            var square = x.MatMul(x, transposeB: true);
            x = x.Blend(square.Blend(square.MatMul(square), b, c).MatMul(x), a, 1);
        }

        return isTall ? x.Transpose(1, 0) : x;
    }
}
