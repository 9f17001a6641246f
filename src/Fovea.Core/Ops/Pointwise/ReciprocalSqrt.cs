using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>1/√x; the derivative is that of the result, −y³/2. PyTorch: torch.rsqrt.</summary>
public sealed record ReciprocalSqrt : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "reciprocal_sqrt";

    /// <inheritdoc/>
    public override bool DerivativeOfResult => true;

    /// <inheritdoc/>
    public override double Function(double x) => 1 / Math.Sqrt(x);

    /// <inheritdoc/>
    public override double Derivative(double x) => -0.5 * x * x * x;
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.ReciprocalSqrt"/>.</summary>
    public static Value ReciprocalSqrt(this Value x) => x.Graph.Add(new ReciprocalSqrt(), x);
}
