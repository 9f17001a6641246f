using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>What the backend's fused operations share. They exist only after autodiff and are never parsed.</summary>
internal static class Fused
{
    internal static NotDifferentiableException NoGradient(Node node) => new($"{node}: fused operations are made after differentiation");

    internal static void PrintActivation(AttributeWriter to, Pointwise? activation)
    {
        if (activation is null) return;
        to.Add("activation", activation.Name);
        activation.Print(to);
    }
}
