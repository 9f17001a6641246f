using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Training.Optimizers;

/// <summary>One parameter at the end of a step: what an optimiser reads, and where it leaves what it remembers.</summary>
/// <remarks>
/// A rule composes operations over these values; the backend computes what works element by element in one pass over memory, in the layout of the weight.
/// Everything is float32. Whatever changes from step to step comes in as a <see cref="Number"/>.
/// </remarks>
public sealed class ParameterUpdate
{
    /// <summary>The name of the learning rate among the numbers of a step.</summary>
    public const string LearningRate = "learning_rate";

    private readonly StepNumbers _numbers;
    private readonly Func<Value> _gradientNorm;
    private readonly double _rateFactor;

    private readonly bool _isMomentumDriven;

    private Value? _stepFactor;

    internal ParameterUpdate(StepNumbers numbers, Value weight, Value gradient, double decay, double rateFactor, Func<Value> gradientNorm,
        bool isMomentumDriven = false)
    {
        (_numbers, Weight, Gradient, Decay, _rateFactor, _gradientNorm) = (numbers, weight, gradient, decay, rateFactor, gradientNorm);
        _isMomentumDriven = isMomentumDriven;
    }

    /// <summary>The parameter before the step.</summary>
    public Value Weight { get; }

    /// <summary>Its gradient: the mean over the images of the update, clipped where that is asked for. Without decay.</summary>
    public Value Gradient { get; }

    /// <summary>λ of the decay of this parameter, 0 for one that does not decay.</summary>
    public double Decay { get; }

    /// <summary><see cref="Gradient"/> + λ·w: decay as part of the gradient.</summary>
    public Value DecayedGradient => Decay == 0 ? Gradient : Gradient.Blend(Weight, 1, Decay);

    /// <summary>The learning rate, f32 [].</summary>
    public Value Rate => Number(LearningRate, moment => moment.Rate);

    /// <summary>The norm of the gradients of all parameters together, as they were before clipping, f32 [].</summary>
    public Value GradientNorm => _gradientNorm();

    /// <summary>What the rule remembers of this parameter between steps: a tensor of its shape, which checkpoints keep as <c>name/parameter</c>.</summary>
    /// <param name="name">Lower case with underscores, the same in every step.</param>
    /// <param name="start">What all its elements are before the first step.</param>
    /// <returns>Its value before the step.</returns>
    public Value Slot(string name, double start = 0)
    {
        var label = $"{name}/{Weight.Variable!.Label}";
        return Weight.Graph.Find(label) ?? Weight.Graph.Slot(label, Weight.Type, start == 0 ? Initializer.Zeros : new Initializer.Fill(start));
    }

    /// <summary>Says what a slot becomes at the end of the step; once for each.</summary>
    /// <param name="name">That of <see cref="Slot"/>, which has been asked for.</param>
    /// <param name="next">What it becomes.</param>
    /// <returns><paramref name="next"/>.</returns>
    public Value Keep(string name, Value next)
    {
        Weight.Graph.Update(Slot(name), next);
        return next;
    }

    /// <summary>A number that is computed anew for every step, in double, and given to it as f32 [].</summary>
    /// <param name="name">Names the number; one name is one number for all parameters.</param>
    /// <param name="at">Its value. Must depend on the moment alone, since a resumed run asks from the middle on.</param>
    public Value Number(string name, Func<StepMoment, double> at) => _rateFactor == 1
        ? _numbers.Of(name, at)
        : _numbers.Of(FormattableString.Invariant($"{name}×{_rateFactor}"), moment => at(moment with { Rate = moment.Rate * _rateFactor }));

    /// <summary>A number that never changes, f32 [].</summary>
    public Value Constant(double number) => Weight.Graph.Constant((float)number);

    /// <summary>The same parameter with factors on its gradient and its step.</summary>
    /// <param name="gradient">On the gradient, of its shape or of one element.</param>
    /// <param name="step">On what <see cref="DecayedWeightMinus"/> takes away; null for 1.</param>
    public ParameterUpdate Scaled(Value gradient, Value? step = null) =>
        new(_numbers, Weight, Gradient.Times(gradient), Decay, _rateFactor, _gradientNorm, _isMomentumDriven) { _stepFactor = step };

    /// <summary>μ·kept + s·fresh, with μ the rule's own momentum or what a schedule sets in its place.</summary>
    /// <param name="kept">What keeps the share μ.</param>
    /// <param name="fresh">What is added.</param>
    /// <param name="momentum">The rule's own μ.</param>
    /// <param name="isAveraged">Whether s is 1 − μ; otherwise 1.</param>
    public Value WithMomentum(Value kept, Value fresh, double momentum, bool isAveraged = false)
    {
        if (!_isMomentumDriven) return kept.Blend(fresh, momentum, isAveraged ? 1 - momentum : 1);
        if (isAveraged) fresh = fresh.Times(Number("momentum_rest", moment => 1 - (moment.Momentum ?? momentum)));
        return kept.Times(Number("momentum", moment => moment.Momentum ?? momentum)).Plus(fresh);
    }

    /// <summary>√Σx² over all elements, f32 []. A pass over memory of its own, and another for what reads both it and <paramref name="x"/>.</summary>
    public static Value Norm(Value x) => Nodes.SquaredNorm(x).Sqrt();

    /// <summary>w − η·step with decay beside the gradient: (1 − η·λ)·w − η·step.</summary>
    /// <param name="step">What is taken away, times the learning rate already.</param>
    public Value DecayedWeightMinus(Value step)
    {
        var decay = Decay;
        if (_stepFactor is not null) step = step.Times(_stepFactor);
        return (decay == 0 ? Weight : Weight.Times(Number("weight_share", moment => 1 - (moment.Rate * decay)))).Minus(step);
    }
}
