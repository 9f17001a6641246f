using System.Text.Json;
using Fovea.Backends.OneDnn;

namespace Fovea.Cli.Bench;

/// <summary>What a step of a plan is about.</summary>
internal enum StepKind
{
    /// <summary>Convolutions, matrix products and their gradients.</summary>
    Products,

    /// <summary>Batch and layer norms with what is fused into them, and their gradients.</summary>
    Norms,

    /// <summary>Pooling, reductions and softmax.</summary>
    Pools,

    /// <summary>Element by element.</summary>
    Maps,

    /// <summary>Moves of elements that the model asks for: concat, slice, transpose, pad, look-up.</summary>
    Copies,

    /// <summary>Changes of layout that the plan adds.</summary>
    Reorders,

    /// <summary>The optimizer.</summary>
    Updates,

    /// <summary>Whatever else.</summary>
    Rest,
}

/// <summary>Tells the kinds of steps apart.</summary>
internal static class StepKinds
{
    private static readonly string[] s_pools =
        ["avg_pool", "max_pool", "reduce", "softmax", "sum_all", "resize", "avg_pool_gradient", "max_pool_gradient", "softmax_gradient", "resize_gradient"];

    private static readonly string[] s_copies =
        ["copy", "concat", "slice", "slice_gradient", "transpose", "reshape", "pad", "broadcast", "gather_channels", "take", "take_gradient", "cast"];

    private static readonly string[] s_rest = ["softmax_cross_entropy", "softmax_cross_entropy_gradient", "squared_norm", "clip_factor", "constant"];

    /// <summary>As it is printed.</summary>
    internal static string Name(this StepKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    internal static StepKind Of(PlanStep step)
    {
        var what = step.What;
        if (step.Macs > 0) return StepKind.Products;
        if (what == "reorder") return StepKind.Reorders;
        if (s_rest.Contains(what)) return StepKind.Rest;
        if (s_pools.Contains(what)) return StepKind.Pools;
        if (s_copies.Contains(what)) return StepKind.Copies;
        if (what.Contains("norm", StringComparison.Ordinal)) return StepKind.Norms;
        return what.EndsWith("_step", StringComparison.Ordinal) ? StepKind.Updates : StepKind.Maps;
    }
}
