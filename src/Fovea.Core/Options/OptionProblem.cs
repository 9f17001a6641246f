namespace Fovea.Options;

/// <summary>One option whose value cannot be used.</summary>
/// <param name="Path">The option as a recipe spells it: <c>optimizer.learning_rate</c>.</param>
/// <param name="Value">What it is set to.</param>
/// <param name="Wanted">What it may be.</param>
public sealed record OptionProblem(string Path, string Value, string Wanted)
{
    /// <summary>For example <c>optimizer.momentum: 1.5; wanted at least 0 and below 1</c>.</summary>
    public override string ToString() => $"{Path}: {Value}; wanted {Wanted}";
}
