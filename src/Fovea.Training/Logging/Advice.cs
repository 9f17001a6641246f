namespace Fovea.Training.Logging;

/// <summary>What is likely wrong with a run, and what to set in its place.</summary>
/// <param name="Check">The name of the check that found it, in lower case with underscores.</param>
/// <param name="Problem">What is, with values.</param>
/// <param name="Key">The option to change, as a recipe spells it: <c>train.batch_size</c>.</param>
/// <param name="Value">What to set it to, as a recipe spells it.</param>
public sealed record Advice(string Check, string Problem, string Key, string Value)
{
    /// <summary>Whether the run cannot work so at all, and is refused; default false: it will likely learn little.</summary>
    public bool IsFatal { get; init; }

    /// <summary>For example <c>batches of 256 make 2 updates an epoch of 450 images; try train.batch_size=16</c>.</summary>
    public override string ToString() => $"{Problem}; try {Key}={Value}";
}
