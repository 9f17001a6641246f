using Fovea.Tensors;
using Fovea.Execution;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Steps;

/// <summary>A compiled training graph, and which of the optional inputs and outputs it has.</summary>
internal sealed class StepPlan : IDisposable
{
    private readonly IExecutable _plan;
    private readonly StepGraph _step;
    private readonly bool _hasStep;
    private readonly bool _hasNorm;
    private readonly bool _hasTeacher;

    internal StepPlan(ISession session, StepGraph step, ulong seed)
    {
        _step = step;
        HasShares = step.Graph.Find(TrainingGraph.Target)?.Type.DType == DType.Float32;
        _hasStep = step.Graph.Find(TrainingGraph.Step) is not null;
        _hasNorm = step.Graph.FindOutput(TrainingGraph.GradientNorm) is not null;
        _hasTeacher = step.Graph.Find(LossInputs.TeacherInput) is not null;
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

    /// <summary>Where the logits of a teacher go; empty where the loss wants none.</summary>
    internal Span<float> TeacherLogits => _hasTeacher ? _plan.Floats(LossInputs.TeacherInput) : [];

    /// <summary>Gives a step its numbers.</summary>
    /// <param name="moment">Where the run stands.</param>
    /// <param name="draw">What numbers the draws of random operations, where the graph has any.</param>
    internal void Feed(StepMoment moment, long draw)
    {
        if (_hasStep) _plan.Ints(TrainingGraph.Step)[0] = checked((int)draw);
        _step.Feed(_plan, moment);
    }

    internal void Run() => _plan.Run();

    public void Dispose() => _plan.Dispose();
}
