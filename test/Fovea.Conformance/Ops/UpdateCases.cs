using Fovea.Ops;

namespace Fovea.Conformance.Ops;

/// <summary>The steps of optimisers.</summary>
public static class UpdateCases
{
    private const string Update = "updates of parameters are not differentiated";

    private static readonly OpInput s_rate = OpInput.Of().Between(0.01, 0.2).Wide;
    private static readonly OpInput s_scale = OpInput.Of().Between(0.3, 1).Wide;

    /// <summary>Every rule for a weight, a bias and a single number.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. Shapes("sgd_step", "plain", new SgdStep(), w => [w, w, s_rate, s_scale]),
        .. Shapes("sgd_step", "decay", new SgdStep(WeightDecay: 0.05), w => [w, w, s_rate, s_scale]),
        .. Shapes("sgd_step", "momentum", new SgdStep(Momentum: 0.9, WeightDecay: 1e-4), w => [w, w, w, s_rate, s_scale]),
        .. Shapes("sgd_step", "nesterov", new SgdStep(Momentum: 0.9, Nesterov: true, WeightDecay: 5e-4), w => [w, w, w, s_rate, s_scale]),
        .. Shapes("sgd_step", "dampening", new SgdStep(Momentum: 0.8, Dampening: 0.3), w => [w, w, w, s_rate, s_scale]),
        .. Shapes("adamw_step", "first", new AdamWStep(), w => [w, w, w, w.Between(0, 1), s_rate, OpInput.Integers(1, 2, 1), s_scale]),
        .. Shapes("adamw_step", "later", new AdamWStep(0.85, 0.99, 1e-6, 0.1), w => [w, w, w, w.Between(0, 1), s_rate, OpInput.Integers(77, 78, 1), s_scale]),
        .. Shapes("ema_step", "average", new EmaStep(), w => [w, w, OpInput.Of().Between(0.9, 1).Wide]),
    ];

    private static IEnumerable<OpCase> Shapes(string op, string name, ParameterUpdate rule, Func<OpInput, OpInput[]> inputs)
    {
        OpCase Case(string label, int[] shape, bool realSize = false) =>
            new($"{op}/{name}_{label}", rule, Tolerance.Function, inputs(OpInput.Of(shape).Wide)) { NotDifferentiable = Update, RealSize = realSize };
        yield return Case("weight", [5, 3, 3, 3]);
        yield return Case("blocked", [32, 16, 3, 3]);
        yield return Case("bias", [17]);
        yield return Case("number", []);
        yield return Case("resnet18", [256, 256, 3, 3], realSize: true);
    }
}
