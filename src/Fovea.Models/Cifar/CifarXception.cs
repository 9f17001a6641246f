using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>Xception (Chollet 2016, arXiv:1610.02357) for 32 pixels.</summary>
/// <remarks>
/// Names and initialisers follow pytorch-cifar-tricks. Its ReLU works in place where a block begins, so that shortcuts start behind it:
/// not so in the first block, which has none there, and in the last.
/// </remarks>
internal static class CifarXception
{
    private const int Middle = 728;
    private const int MiddleBlocks = 8;

    internal static IReadOnlyList<ModelRow> Rows { get; } = [CifarRow.Of("cifar_xception", "cifar_xception", Build, "arXiv:1610.02357")];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        var entry = s["entry_flow"];
        x = x.TorchConv(entry["conv1"][0], 32, kernel: 3).Norm(entry["conv1"][1]).Relu();
        x = x.TorchConv(entry["conv2"][0], 64, kernel: 3).Norm(entry["conv2"][1]).Relu();
        var y = Part(entry["conv3_residual"], 3, Part(entry["conv3_residual"], 0, x, 128).Relu(), 128);
        x = Pooled(y, 2).Plus(Shortcut(entry["conv3_shortcut"], x, 128, 2)).Relu();
        x = Pooled(Pair(entry["conv4_residual"], x, 256, 256), 2).Plus(Shortcut(entry["conv4_shortcut"], x, 256, 2)).Relu();
        x = Pooled(Pair(entry["conv5_residual"], x, Middle, Middle), 1).Plus(Shortcut(entry["conv5_shortcut"], x, Middle, 1));
        for (var i = 0; i < MiddleBlocks; i++) x = MiddleBlock(s["middel_flow"]["middel_block"][i], x.Relu());
        var exit = s["exit_flow"];
        x = Pooled(Pair(exit["residual"], x.Relu(), Middle, 1024), 2).Plus(Shortcut(exit["shortcut"], x, 1024, 2));
        x = Part(exit["conv"], 0, x, 1536).Relu();
        x = Part(exit["conv"], 3, x, 2048).Relu();
        return x.Classifier(s["fc"], options);
    }

    private static Value MiddleBlock(Scope s, Value x)
    {
        var y = Part(s["conv1"], 1, x, Middle);
        y = Part(s["conv2"], 1, y.Relu(), Middle);
        return Part(s["conv3"], 1, y.Relu(), Middle).Plus(x);
    }

    /// <summary>Two separable convolutions behind a ReLU each, of which the first is x's own.</summary>
    private static Value Pair(Scope s, Value x, int first, int second) => Part(s, 4, Part(s, 1, x, first).Relu(), second);

    /// <summary>Separable convolution and norm, at the given place of a sequence.</summary>
    private static Value Part(Scope s, int at, Value x, int channels) => x.Separable(s[at], channels, kernel: 3).Norm(s[at + 1]);

    private static Value Pooled(Value x, int stride) => x.MaxPool(kernel: 3, stride, padding: 1);

    private static Value Shortcut(Scope s, Value x, int channels, int stride) =>
        x.TorchConv(s[0], channels, kernel: 1, stride, bias: true).Norm(s[1]);
}
