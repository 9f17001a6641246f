using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>Residual attention networks (Wang et al. 2017, arXiv:1704.06904) of one, two or three attention modules in a stage.</summary>
/// <remarks>
/// As in the public code, and unlike the paper, every mask branch pools the module's own input instead of going down step by step, and the
/// shortcut of the deepest level is one of its residual units applied once more; two shortcuts are declared and never applied.
/// </remarks>
internal static class ResidualAttention
{
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_attention56", [1, 1, 1]),
        Row("cifar_attention92", [1, 2, 3]),
    ];

    private static Value Build(Scope s, Value x, ModelOptions options, int[] modules)
    {
        x = x.ConvNormRelu(s["pre_conv"][0], s["pre_conv"][1], 64, kernel: 3, bias: true);
        for (var stage = 0; stage < modules.Length; stage++)
        {
            var at = s[$"stage{stage + 1}"];
            var channels = 256 << stage;
            x = Unit(at[0], x.Shape.C, channels, stride: 2)(x);
            for (var i = 1; i <= modules[stage]; i++) x = Module(at[i], x, channels, levels: modules.Length - stage);
        }

        for (var i = 0; i < 3; i++) x = Unit(s["stage4"][i], x.Shape.C, 2048, stride: i == 0 ? 2 : 1)(x);
        return x.Classifier(s["linear"], options);
    }

    /// <summary>(1 + mask)·trunk between two residual units (fig. 2); <paramref name="levels"/> says how many units deep the mask is.</summary>
    private static Value Module(Scope s, Value x, int channels, int levels)
    {
        x = Units(s["pre"], channels, count: 1)(x);
        var trunk = Units(s["trunk"], channels, count: 2)(x);
        var down = Enumerable.Range(1, levels + 1).Select(i => Units(s[$"soft_resdown{i}"], channels, count: 1)).ToArray();
        var up = Enumerable.Range(1, levels + 1).Select(i => Units(s[$"soft_resup{i}"], channels, count: 1)).ToArray();
        if (levels == 3) Unit(s["shortcut_short"], channels, channels);
        var shortcut = Unit(s[levels == 3 ? "shortcut_long" : "shortcut"], channels, channels);
        var half = x.MaxPool(kernel: 3, stride: 2, padding: 1);
        var mask = levels switch
        {
            3 => ThreeLevels(half, down, up, shortcut),
            2 => TwoLevels(half, down, up, shortcut),
            _ => up[1](up[0](down[1](down[0](half)))),
        };
        var gate = Gate(s["sigmoid"], mask.Resize(x.Shape.H, x.Shape.W, ResizeMode.Nearest));
        return Units(s["last"], channels, count: 1)(gate.Plus(1).Times(trunk));
    }

    private static Value ThreeLevels(Value half, Func<Value, Value>[] down, Func<Value, Value>[] up, Func<Value, Value> shortcut)
    {
        var far = shortcut(down[0](half));
        var near = down[2](down[1](half));
        var mask = up[1](up[0](down[3](down[2](half))));
        return up[3](up[2](mask.Plus(near)).Plus(far));
    }

    private static Value TwoLevels(Value half, Func<Value, Value>[] down, Func<Value, Value>[] up, Func<Value, Value> shortcut)
    {
        var near = shortcut(down[0](half));
        var mask = up[1](up[0](down[2](down[1](half))));
        return up[2](mask.Plus(near));
    }

    private static Value Gate(Scope s, Value x)
    {
        var channels = x.Shape.C;
        x = x.Norm(s[0]).Relu().PlainConv(s[2], channels, kernel: 1, bias: true);
        return x.Norm(s[3]).Relu().PlainConv(s[5], channels, kernel: 1, bias: true).Sigmoid();
    }

    private static Func<Value, Value> Units(Scope s, int channels, int count)
    {
        var units = Enumerable.Range(0, count).Select(i => Unit(s[i], channels, channels)).ToArray();
        return x => units.Aggregate(x, (y, unit) => unit(y));
    }

    /// <summary>A pre-activation bottleneck; its shortcut is a convolution even where the shape stays.</summary>
    private static Func<Value, Value> Unit(Scope s, int inputs, int channels, int stride = 1)
    {
        var (r, inner) = (s["residual_function"], channels / 4);
        var norm1 = Declared.Norm(r[0], inputs);
        var conv1 = Declared.Conv(r[2], inputs, inner, kernel: 1, stride, bias: true);
        var norm2 = Declared.Norm(r[3], inner);
        var conv2 = Declared.Conv(r[5], inner, inner, kernel: 3, bias: true);
        var norm3 = Declared.Norm(r[6], inner);
        var conv3 = Declared.Conv(r[8], inner, channels, kernel: 1, bias: true);
        var shortcut = Declared.Conv(s["shortcut"], inputs, channels, kernel: 1, stride, bias: true);
        return x => conv3(norm3(conv2(norm2(conv1(norm1(x).Relu())).Relu())).Relu()).Plus(shortcut(x));
    }

    private static ModelRow Row(string name, int[] modules) =>
        CifarRow.Of(name, "residual_attention", (s, x, options) => Build(s, x, options, modules), "arXiv:1704.06904") with
        {
            UnusedTensors = [.. Unused("stage1", "shortcut_short", modules[0]), .. Unused("stage3", "shortcut", modules[2])],
        };

    /// <summary>The tensors of a unit in each module of a stage.</summary>
    private static IEnumerable<string> Unused(string stage, string unit, int modules) =>
        from module in Enumerable.Range(1, modules) from tensor in UnitTensors() select $"{stage}.{module}.{unit}.{tensor}";

    private static IEnumerable<string> UnitTensors()
    {
        string[] norm = ["weight", "bias", "running_mean", "running_var"];
        string[] conv = ["weight", "bias"];
        for (var i = 0; i < 3; i++)
        {
            foreach (var tensor in norm) yield return $"residual_function.{3 * i}.{tensor}";
            foreach (var tensor in conv) yield return $"residual_function.{(3 * i) + 2}.{tensor}";
        }

        foreach (var tensor in conv) yield return $"shortcut.{tensor}";
    }
}
