using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Steps;

/// <summary>A graph of a step, and the numbers that it is given at each update.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Numbers">Its inputs of one number each, by what they are.</param>
public sealed record StepGraph(Graph Graph, IReadOnlyList<StepNumber> Numbers)
{
    /// <summary>Gives a plan of the graph its numbers.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="moment">Where the run stands.</param>
    public void Feed(IExecutable plan, StepMoment moment)
    {
        for (var i = 0; i < Numbers.Count; i++) plan.Floats(Numbers[i].Name)[0] = (float)Numbers[i].At(moment);
    }
}
