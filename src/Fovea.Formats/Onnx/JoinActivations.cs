using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;

namespace Fovea.Formats.Onnx;

/// <summary>Finds the activations that operator sets before 18 and 20 write as several operations: silu, mish, gelu, and hard-swish before 14.</summary>
internal sealed class JoinActivations : Pass
{
    public override string Name => "join_activations";

    public override Graph Apply(Graph source) => new EliminateDeadNodes().Apply(base.Apply(source));

    protected override Value[]? Rewrite(Node node, Remap to) => node switch
    {
        { Op: Multiply, Inputs: [var a, var b] } => Gated(a, b, to) ?? Gated(b, a, to),
        { Op: Affine { Alpha: 0.5, Beta: 0 }, Inputs: [{ Op: Multiply } product] } =>
            Gelu(product.Node.Inputs[0], product.Node.Inputs[1], to) ?? Gelu(product.Node.Inputs[1], product.Node.Inputs[0], to),
        _ => null,
    };

    /// <summary>x times a function of x.</summary>
    private static Value[]? Gated(Value x, Value gate, Remap to) => gate switch
    {
        { Op: Sigmoid } when gate.Node.Inputs[0] == x => [to[x].Silu()],
        { Op: HardSigmoid } when gate.Node.Inputs[0] == x => [to[x].HardSwish()],
        { Op: Tanh } when gate.Node.Inputs[0] is { Op: Softplus } softplus && softplus.Node.Inputs[0] == x => [to[x].Mish()],
        _ => null,
    };

    /// <summary>x·(1 + erf(x/√2)), which half of is gelu.</summary>
    private static Value[]? Gelu(Value x, Value gate, Remap to) =>
        gate is { Op: Affine { Alpha: 1, Beta: 1 } } && gate.Node.Inputs[0] is { Op: Erf } erf
        && erf.Node.Inputs[0] is { Op: Affine { Beta: 0 } scale } argument && Math.Abs(scale.Alpha - (1 / Math.Sqrt(2))) < 1e-6
        && argument.Node.Inputs[0] == x
            ? [to[x].Gelu()]
            : null;
}
