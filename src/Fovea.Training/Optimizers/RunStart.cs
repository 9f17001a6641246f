using Fovea.Execution;

namespace Fovea.Training.Optimizers;

/// <summary>A run before its first step; what is resumed has no start.</summary>
public sealed record RunStart : RunBeginning
{
    /// <summary>The variables, all with their initial values.</summary>
    public required ISession Session { get; init; }

    /// <summary>The key of initial weights.</summary>
    public required ulong Seed { get; init; }
}
