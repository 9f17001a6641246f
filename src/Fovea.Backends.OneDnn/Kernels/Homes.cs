using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Where maps find the variables that they change, and leave their next values: parameters, slots and averages share one layout.</summary>
internal static class Homes
{
    /// <summary>
    /// The layout of the parameter that a map changes or reads, else of what it changes; where that has none yet, it gets that of an operand which has, and the
    /// variables of unknown layout beside it too. Null for a map that changes nothing, or whose layout does not do.
    /// </summary>
    internal static MemoryDesc? Layout(Node node, PlanBuilder plan, Func<MemoryDesc, bool> does)
    {
        var changed = node.Results.SelectMany(plan.Uses.Becoming).ToList();
        if (changed.Count == 0) return null;
        var program = ((Map)node.Op).Program;
        var wholes = node.Inputs.Where(input => input.Shape == program.Shape).ToList();
        var variables = wholes.Where(whole => whole.Variable is { Kind: not VariableKind.Input }).Concat(changed).Distinct().ToList();
        var home = variables.Find(value => value.Variable!.Kind == VariableKind.Parameter) ?? changed[0];
        if (!plan.IsPlaced(home) && !plan.Preferred.ContainsKey(home) && wholes.Find(plan.IsPlaced) is { } placed)
            plan.VariableLike(home, Suited(plan.LayoutOf(placed), does));
        if (Suited(plan.Of(home).Desc, does) is not { } layout) return null;
        foreach (var variable in variables) plan.VariableLike(variable, layout);
        return layout;
    }

    /// <summary>The memory of the variable that becomes a result, where the result may be written over it; null for another result.</summary>
    internal static Buffer? Next(Value result, Node node, PlanBuilder plan, MemoryDesc layout) =>
        plan.Uses.Becoming(result).FirstOrDefault() is { } variable && plan.Of(variable).Desc == layout
            ? plan.Let(result, plan.Next(result, variable, node))
            : null;

    private static MemoryDesc? Suited(MemoryDesc layout, Func<MemoryDesc, bool> does) => does(layout) ? layout : null;
}
