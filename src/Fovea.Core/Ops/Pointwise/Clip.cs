using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>x, but no less than low and no more than high. ONNX: Clip. PyTorch: F.hardtanh; ReLU6 is Clip(0, 6).</summary>
/// <remarks>The derivative is 1 strictly between the bounds and 0 on them, as that of PyTorch's hardtanh and relu6 (its clamp has 1 there).</remarks>
/// <param name="Low">The least result.</param>
/// <param name="High">The greatest result.</param>
public sealed record Clip(double Low, double High) : Pointwise
{
    /// <inheritdoc/>
    public override string Name => "clip";

    /// <inheritdoc/>
    public override bool DerivativeOfResult => true;

    /// <inheritdoc/>
    public override double Function(double x) => Math.Min(Math.Max(x, Low), High);

    /// <inheritdoc/>
    public override double Derivative(double x) => x > Low && x < High ? 1 : 0;

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("low", Low);
        to.Add("high", High);
    }

    internal override void Validate(Op op) => Check.That(Low <= High, op, $"low {Low} and high {High}; wanted low up to high");

    internal static Clip Parse(AttributeReader from) => new(from.Number("low"), from.Number("high"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Clip"/>.</summary>
    public static Value Clip(this Value x, double low, double high) => x.Graph.Add(new Clip(low, high), x);

    /// <summary>min(max(x, 0), 6), the <see cref="Ops.Clip"/> that MobileNet calls ReLU6. PyTorch: F.relu6.</summary>
    public static Value Relu6(this Value x) => x.Clip(0, 6);
}
