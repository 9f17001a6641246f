namespace Fovea.Training.Parity;

/// <summary>Whether a component computes what its public implementation does in one case.</summary>
/// <param name="Id">The name of the case, with a number behind it where there are several of that name.</param>
/// <param name="Failure">What is wrong: what it is, what was wanted; null where nothing is.</param>
public sealed record ComponentResult(string Id, string? Failure)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool Passed => Failure is null;
}
