using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>x².</summary>
public sealed record Square : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "square";

    /// <inheritdoc/>
    public override double Function(double x) => x * x;

    /// <inheritdoc/>
    public override double Derivative(double x) => 2 * x;
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Square"/>.</summary>
    public static Value Square(this Value x) => x.Graph.Add(new Square(), x);
}
