using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Training.Schedules;

namespace Fovea.Training.Steps;

/// <summary>A compiled training graph, and which of the optional inputs and outputs it has.</summary>
internal sealed class StepPlan : IDisposable
{
    private readonly IExecutable _plan;
    private readonly bool _hasStep;
    private readonly bool _hasDecay;
    private readonly bool _hasNorm;

    internal StepPlan(ISession session, Graph graph, ulong seed)
    {
        _hasStep = graph.Find(TrainingGraph.Step) is not null;
        _hasDecay = graph.Find(TrainingGraph.AverageDecay) is not null;
        _hasNorm = graph.Outputs.Any(output => output.Name == TrainingGraph.GradientNorm);
        _plan = session.Compile(graph, seed);
    }

    internal Span<float> Images => _plan.Floats(TrainingGraph.Images);

    internal Span<int> Target => _plan.Ints(TrainingGraph.Target);

    internal float Loss => _plan.Result(TrainingGraph.Loss)[0];

    internal ReadOnlySpan<float> Logits => _plan.Result(TrainingGraph.Logits);

    internal double? GradientNorm => _hasNorm ? _plan.Result(TrainingGraph.GradientNorm)[0] : null;

    internal float GradientScale
    {
        set => _plan.Floats(TrainingGraph.GradientScale)[0] = value;
    }

    /// <summary>Numbers the draws of random operations, or the updates of an optimiser, where the graph has any.</summary>
    internal void Number(long number)
    {
        if (_hasStep) _plan.Ints(TrainingGraph.Step)[0] = checked((int)number);
    }

    /// <summary>Sets what an update reads; <paramref name="number"/> counts from 1.</summary>
    internal void FeedUpdate(long number, double rate, double averageDecay)
    {
        Number(number);
        _plan.Floats(TrainingGraph.LearningRate)[0] = (float)rate;
        if (_hasDecay) _plan.Floats(TrainingGraph.AverageDecay)[0] = (float)AverageDecays.At(averageDecay, number);
    }

    internal void Run() => _plan.Run();

    public void Dispose() => _plan.Dispose();
}
