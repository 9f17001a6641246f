using Fovea.Formats.Onnx.Nodes;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Formats.Onnx.Map;

/// <summary>Activations that operator set 17 has under another name or composed of several operations, and random branches as they are evaluated.</summary>
internal static class Activations
{
    private static readonly double s_tanhScale = Math.Sqrt(2 / Math.PI);

    internal static WriteRow[] Writes { get; } =
    [
        WriteRow.Plain<Erf>("Erf"),
        WriteRow.Plain<Softplus>("Softplus"),
        WriteRow.Plain<HardSwish>("HardSwish"),
        WriteRow.Of<LeakyRelu>((to, node, op) => to.Node("LeakyRelu", node.Result, [to.Name(node.Inputs[0])], OnnxAttributes.Of("alpha", op.Slope))),
        WriteRow.Of<HardSigmoid>((to, node, _) => to.Node(
            "HardSigmoid", node.Result, [to.Name(node.Inputs[0])], OnnxAttributes.Of("alpha", 1.0 / 6), OnnxAttributes.Of("beta", 0.5))),
        WriteRow.Of<Silu>((to, node, _) => Times(to, node, to.Step("Sigmoid", node.Result, [to.Name(node.Inputs[0])]))),
        WriteRow.Of<Mish>((to, node, _) =>
            Times(to, node, to.Step("Tanh", node.Result, [to.Step("Softplus", node.Result, [to.Name(node.Inputs[0])])]))),
        WriteRow.Of<Gelu>((to, node, _) =>
            Gate(to, node, to.Step("Erf", node.Result, [to.Step("Div", node.Result, [to.Name(node.Inputs[0]), to.Number(Math.Sqrt(2))])]))),
        WriteRow.Of<GeluTanh>((to, node, _) => WriteGeluTanh(to, node)),
        WriteRow.Of<DropPath>(WriteBranch),
        WriteRow.Of<StochasticDepth>(WriteBranch),
        WriteRow.Of<ShakeDrop>(WriteBranch),
        WriteRow.Of<ShakeShake>((to, node, _) =>
            to.Node("Mul", node.Result, [to.Step("Add", node.Result, [.. node.Inputs.Select(to.Name)]), to.Number(0.5)])),
    ];

    internal static ReadRow[] Reads { get; } =
    [
        new("Erf", node => node.Set(node.Value(0).Erf())),
        new("Softplus", node => node.Set(node.Value(0).Softplus())),
        new("HardSwish", node => node.Set(node.Value(0).HardSwish())),
        new("Mish", node => node.Set(node.Value(0).Mish())),
        new("Gelu", node => node.Set(node.Text("approximate", "none") == "tanh" ? node.Value(0).GeluTanh() : node.Value(0).Gelu())),
        new("LeakyRelu", node => node.Set(node.Value(0).LeakyRelu(node.Number("alpha", 0.01)))),
        new("HardSigmoid", ReadHardSigmoid),
    ];

    private static void Times(OnnxWriter to, Node node, string gate) => to.Node("Mul", node.Result, [to.Name(node.Inputs[0]), gate]);

    /// <summary>x·(1 + t)/2.</summary>
    private static void Gate(OnnxWriter to, Node node, string t)
    {
        var x = to.Name(node.Inputs[0]);
        to.Node("Mul", node.Result, [to.Step("Mul", node.Result, [x, to.Step("Add", node.Result, [t, to.Number(1)])]), to.Number(0.5)]);
    }

    private static void WriteGeluTanh(OnnxWriter to, Node node)
    {
        string Product(string a, string b) => to.Step("Mul", node.Result, [a, b]);
        var x = to.Name(node.Inputs[0]);
        var cubic = Product(Product(Product(x, x), x), to.Number(GeluTanh.Cubic));
        Gate(to, node, to.Step("Tanh", node.Result, [Product(to.Step("Add", node.Result, [x, cubic]), to.Number(s_tanhScale))]));
    }

    private static void WriteBranch<T>(OnnxWriter to, Node node, T op)
        where T : RandomBranch
    {
        if (op.Evaluated == 1) to.Same(node.Result, node.Inputs[0]);
        else to.Node("Mul", node.Result, [to.Name(node.Inputs[0]), to.Number(op.Evaluated)]);
    }

    private static void ReadHardSigmoid(OnnxNode node)
    {
        var (alpha, beta) = (node.Number("alpha", 0.2), node.Number("beta", 0.5));
        var isOurs = Math.Abs(alpha - (1.0 / 6)) < 1e-6 && beta == 0.5;
        node.Set(isOurs ? node.Value(0).HardSigmoid() : node.Value(0).Affine(alpha, beta).Clip(0, 1));
    }
}
