using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>x where it is above 0, slope·x elsewhere (Maas et al. 2013); the derivative at 0 is the slope.</summary>
/// <remarks>PyTorch: F.leaky_relu. ONNX: LeakyRelu.</remarks>
/// <param name="Slope">The slope for negative x; PyTorch's default is 0.01, darknet's 0.1.</param>
public sealed record LeakyRelu(double Slope) : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "leaky_relu";

    /// <inheritdoc/>
    public override bool DerivativeOfResult => Slope > 0;

    /// <inheritdoc/>
    public override double Function(double x) => x > 0 ? x : Slope * x;

    /// <inheritdoc/>
    public override double Derivative(double x) => x > 0 ? 1 : Slope;

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("slope", Slope);

    internal override void Validate(Op op) => Check.Finite(Slope, op, "slope");

    internal static LeakyRelu Parse(AttributeReader from) => new(from.Number("slope"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.LeakyRelu"/>.</summary>
    public static Value LeakyRelu(this Value x, double slope = 0.01) => x.Graph.Add(new LeakyRelu(slope), x);
}
