using Fovea.Tensors;
using Fovea.Execution;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Steps;

/// <summary>A compiled training graph, and which of the optional inputs and outputs it has.</summary>
internal sealed class StepPlan : IDisposable
{
    private readonly IExecutable _plan;
    private readonly StepGraph _step;
    private readonly bool _hasStep;
    private readonly bool _hasNorm;

    internal StepPlan(ISession session, StepGraph step, ulong seed)
    {
        _step = step;
        HasShares = step.Graph.Find(TrainingGraph.Target)?.Type.DType == DType.Float32;
        _hasStep = step.Graph.Find(TrainingGraph.Step) is not null;
        _hasNorm = step.Graph.FindOutput(TrainingGraph.GradientNorm) is not null;
        _plan = session.Compile(step.Graph, seed);
    }

    internal Span<float> Images => _plan.Floats(TrainingGraph.Images);

    /// <summary>Whether the target is a share of each class, not one class.</summary>
    internal bool HasShares { get; }

    internal Span<int> Target => _plan.Ints(TrainingGraph.Target);

    internal Span<float> Shares => _plan.Floats(TrainingGraph.Target);

    internal float Loss => _plan.Result(TrainingGraph.Loss)[0];

    internal ReadOnlySpan<float> Logits => _plan.Result(TrainingGraph.Logits);

    internal double? GradientNorm => _hasNorm ? _plan.Result(TrainingGraph.GradientNorm)[0] : null;

    internal float GradientScale
    {
        set => _plan.Floats(TrainingGraph.GradientScale)[0] = value;
    }

    /// <summary>Numbers the draws of random operations, where the graph has any.</summary>
    internal void Number(long number)
    {
        if (_hasStep) _plan.Ints(TrainingGraph.Step)[0] = checked((int)number);
    }

    /// <summary>Gives an update its numbers.</summary>
    internal void Feed(StepMoment moment)
    {
        Number(moment.Step);
        _step.Feed(_plan, moment);
    }

    internal void Run() => _plan.Run();

    public void Dispose() => _plan.Dispose();
}
