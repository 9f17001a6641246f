using Fovea.Graphs;

namespace Fovea.Conformance.Blocks;

/// <summary>Several operations that a backend may join in one kernel, at a size that models have.</summary>
/// <param name="Name">What they are.</param>
/// <param name="Build">Their result, from the inputs.</param>
/// <param name="Inputs">Float32; narrow ones are bfloat16 in that form.</param>
public sealed record BlockCase(string Name, Func<Value[], Value> Build, params IReadOnlyList<OpInput> Inputs)
{
    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
