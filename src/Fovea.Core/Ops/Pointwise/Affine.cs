using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>α·x + β.</summary>
/// <param name="Alpha">α.</param>
/// <param name="Beta">β.</param>
public sealed record Affine(double Alpha, double Beta) : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "affine";

    /// <inheritdoc/>
    public override double Function(double x) => (Alpha * x) + Beta;

    /// <inheritdoc/>
    public override double Derivative(double x) => Alpha;

    /// <summary>α·dy, which needs neither argument nor result.</summary>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [dy[0]!.Affine(Alpha, 0)];

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("alpha", Alpha);
        to.Add("beta", Beta);
    }

    internal override void Validate(Op op)
    {
        Check.Finite(Alpha, op, "alpha");
        Check.Finite(Beta, op, "beta");
    }

    internal static Affine Parse(AttributeReader from) => new(from.Number("alpha"), from.Number("beta"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary>α·x + β.</summary>
    public static Value Affine(this Value x, double alpha, double beta) => x.Graph.Add(new Affine(alpha, beta), x);
}
