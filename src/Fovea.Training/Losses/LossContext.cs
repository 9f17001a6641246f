using Fovea.Graphs;
using Fovea.Training.Schedules;

namespace Fovea.Training.Losses;

/// <summary>What a loss may know beside logits and target.</summary>
public sealed record LossContext
{
    /// <summary>How many training images each class has; empty, the default, where that is not known.</summary>
    public IReadOnlyList<int> ClassCounts { get; init; } = [];

    /// <summary>The key of random draws; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>The name of the side head whose logits they are; empty, the default, for the model's own.</summary>
    public string Head { get; init; } = "";

    /// <summary>
    /// Gives the graph an input f32 [] of a name, or finds the one that it has, whose value is computed anew at each step from where the run stands alone.
    /// Default: there are no steps, and it is an error.
    /// </summary>
    public Func<string, Func<RunProgress, double>, Value> Number { get; init; } = (name, _) => throw new GraphException($"nothing sets the number '{name}'");
}
