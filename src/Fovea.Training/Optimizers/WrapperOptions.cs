using Fovea.Graphs;
using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Optimizers;

/// <summary>What is done around the rule of an optimiser, whichever that is; <c>kind</c> says what.</summary>
/// <remarks>One record each: its options, their ranges, and what it composes. Several may stand around a rule; they act in their order.</remarks>
public abstract record WrapperOptions : IAlternative
{
    /// <summary>The default of each.</summary>
    public static IReadOnlyList<WrapperOptions> Kinds { get; } = [new LookaheadOptions(), new SamOptions(), new AsamOptions(), new RepOptOptions()];

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <summary>Whether <see cref="Elsewhere"/> is anywhere but at the weights.</summary>
    public bool MovesGradient
    {
        get
        {
            var graph = new Graph("moves");
            var weight = graph.Parameter("w", new Shape(2, 2), Initializer.Zeros);
            return Elsewhere([new(weight, graph.Input("g", weight.Type))]) is not null;
        }
    }

    /// <summary>Whether it wants gradients as they are: a recipe that clips them is refused. Default false.</summary>
    public virtual bool WantsPlainGradients => false;

    /// <summary>Whether a run may begin so, which is looked at before anything is compiled; by default it may.</summary>
    /// <param name="beginning">The run.</param>
    /// <exception cref="State.TrainingException">It may not.</exception>
    public virtual void CheckBeginning(RunBeginning beginning)
    {
    }

    /// <summary>Prepares the variables of a run that begins; by default there is nothing to do.</summary>
    /// <param name="rule">The rule that it stands around.</param>
    /// <param name="start">The run.</param>
    /// <exception cref="State.TrainingException">It cannot begin so.</exception>
    public virtual void Begin(OptimizerOptions rule, RunStart start)
    {
    }

    /// <summary>Where the gradient is taken that updates the weights; null, the default, for the weights themselves.</summary>
    /// <param name="all">All parameters with their gradients.</param>
    /// <returns>For each parameter, in their order, a value in its place: the forward and backward pass is made again there, for the same images.</returns>
    public virtual IReadOnlyList<Value>? Elsewhere(IReadOnlyList<ParameterGradient> all) => null;

    /// <summary>What the rule is given of a parameter.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="update">The parameter, with its gradient.</param>
    /// <returns><paramref name="update"/> by default.</returns>
    public virtual ParameterUpdate Before(OptimizerOptions rule, ParameterUpdate update) => update;

    /// <summary>What becomes of a parameter for which the rule has a step.</summary>
    /// <param name="update">The parameter before the step, with slots and numbers.</param>
    /// <param name="next">What the rule makes of it.</param>
    /// <returns>What it becomes; <paramref name="next"/> by default.</returns>
    public virtual Value After(ParameterUpdate update, Value next) => next;

    /// <inheritdoc/>
    public abstract void Check(OptionChecks checks);

    /// <summary>Tells what does not go with the rule and the others around it; by default all does.</summary>
    /// <param name="rule">The rule, with all that stands around it.</param>
    /// <param name="checks">Receives what is wrong.</param>
    public virtual void CheckAround(OptimizerOptions rule, OptionChecks checks)
    {
    }
}
