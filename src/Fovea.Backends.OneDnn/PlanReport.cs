using System.Diagnostics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn;

/// <summary>One step of a plan, as it is printed.</summary>
/// <param name="Path">The module it belongs to; empty for what the plan adds.</param>
/// <param name="What">The operation, or <c>reorder</c>.</param>
/// <param name="Implementation">oneDNN's name of the code that runs.</param>
/// <param name="Layouts">Element types and layouts, reads → writes.</param>
/// <param name="Bytes">Bytes of all operands, padding included.</param>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="Milliseconds">Mean time of a run; 0 where it was not measured.</param>
/// <param name="IsPrologue">Whether it runs only after variables were written.</param>
/// <param name="IsWidened">Whether it computes in float32 what the graph has in bfloat16, since the library has nothing for that on this processor.</param>
public sealed record PlanStep(
    string Path, string What, string Implementation, string Layouts, long Bytes, long Macs, double Milliseconds, bool IsPrologue, bool IsWidened);

/// <summary>A plan as data: for <c>fovea explain</c> and for tests.</summary>
/// <param name="Steps">The steps in order.</param>
/// <param name="ArenaBytes">Memory that steps share over time.</param>
/// <param name="KeptBytes">Memory of inputs, outputs and constants.</param>
public sealed record PlanReport(IReadOnlyList<PlanStep> Steps, long ArenaBytes, long KeptBytes)
{
    /// <summary>Steps that use an implementation that is not optimised: a mistake in the plan.</summary>
    public IEnumerable<PlanStep> Slow => Steps.Where(step => Implementations.IsSlow(step.Implementation));

    internal static PlanReport Of(Step[] prologue, Step[] main, long arenaBytes, long keptBytes, int runs) =>
        new([.. prologue.Select(step => Describe(step, runs, true)), .. main.Select(step => Describe(step, runs, false))], arenaBytes, keptBytes);

    private static PlanStep Describe(Step step, int runs, bool isPrologue)
    {
        var isNode = step.Node is not null && step.What == step.Node.Op.Name;
        var cost = isNode
            ? step.Node!.Op.Cost([.. step.Node.Inputs.Select(input => input.Type)], [.. step.Node.Results.Select(result => result.Type)])
            : default;
        return new(
            step.Node?.Path ?? "", step.What, step.Implementation,
            $"{string.Join(' ', step.Reads.Select(Layout))} → {string.Join(' ', step.Writes.Select(Layout))}",
            step.Reads.Concat(step.Writes).Sum(buffer => buffer.Bytes), cost.Macs,
            runs == 0 ? 0 : step.Ticks * 1000.0 / Stopwatch.Frequency / runs, isPrologue, step.IsWidened);
    }

    private static string Layout(Buffer buffer) => $"{buffer.Desc.DType.ShortName}:{buffer.Desc.Format}";
}
