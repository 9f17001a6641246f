using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>The factor that brings a gradient of squared norm s down to a norm of at most max: min(1, max/(√s + 1e-6)).</summary>
/// <remarks>PyTorch: clip_grad_norm_, whose 1e-6 this is.</remarks>
/// <param name="Max">The largest norm, above 0.</param>
public sealed record ClipFactor(double Max) : Pointwise
{
    private const double Epsilon = 1e-6;

    /// <inheritdoc/>
    public override string Name => "clip_factor";

    /// <inheritdoc/>
    public override double Function(double x) => Math.Min(1, Max / (Math.Sqrt(x) + Epsilon));

    /// <inheritdoc/>
    public override double Derivative(double x)
    {
        var norm = Math.Sqrt(x) + Epsilon;
        return Max < norm ? -0.5 * Max / (norm * norm * Math.Sqrt(x)) : 0;
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("max", Max);

    internal override void Validate(Op op) => Check.That(Max > 0 && double.IsFinite(Max), op, $"max {Max}; wanted a number above 0");

    internal static ClipFactor Parse(AttributeReader from) => new(from.Number("max"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.ClipFactor"/>.</summary>
    public static Value ClipFactor(this Value squaredNorm, double max) => squaredNorm.Graph.Add(new ClipFactor(max), squaredNorm);
}
