using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>Inception-ResNet-v2 (Szegedy et al. 2016, arXiv:1602.07261 §3.2) for 32 pixels.</summary>
/// <remarks>Each shortcut has a convolution, each sum a norm. Names, among them <c>shorcut</c>, widths and initialisers follow pytorch-cifar-tricks.</remarks>
internal static class CifarInceptionResNetV2
{
    private const double Scale = 0.1;

    private static readonly ConvUnits s_units = new(Epsilon: 1e-5);

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        CifarRow.Of("cifar_inception_resnet_v2", "cifar_inception", Build, "arXiv:1602.07261") with { DropRate = 0.2 },
    ];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = CifarInceptionV4.Stem(s["stem"], x);
        for (var i = 0; i < 5; i++) x = BlockA(s["inception_resnet_a"][$"InceptionResNetA_{i}"], x);
        x = CifarInceptionV4.ReductionA(s["reduction_a"], x, 256, 256, 384);
        for (var i = 0; i < 10; i++) x = BlockB(s["inception_resnet_b"][$"InceptionResNetB_{i}"], x);
        x = ReductionB(s["reduction_b"], x);
        for (var i = 0; i < 5; i++) x = BlockC(s["inception_resnet_c"][$"InceptionResNetC_{i}"], x);
        return x.Classifier(s["linear"], options);
    }

    private static Value BlockA(Scope s, Value x)
    {
        var stack = s_units.Chain(s["branch3x3stack"], x, Filter.Square(32, 1), Filter.Square(48, 3), Filter.Square(64, 3));
        var three = s_units.Chain(s["branch3x3"], x, Filter.Square(32, 1), Filter.Square(32, 3));
        return Sum(s, x, s_units.One(s["branch1x1"], x, Filter.Square(32, 1)).Concat(axis: 1, three, stack), 384, scale: 1);
    }

    private static Value BlockB(Scope s, Value x)
    {
        var seven = s_units.Chain(s["branch7x7"], x, Filter.Square(128, 1), Filter.Row(160, 7), Filter.Column(192, 7));
        return Sum(s, x, s_units.One(s["branch1x1"], x, Filter.Square(192, 1)).Concat(axis: 1, seven), 1154, Scale);
    }

    private static Value BlockC(Scope s, Value x)
    {
        var three = s_units.Chain(s["branch3x3"], x, Filter.Square(192, 1), Filter.Row(224, 3), Filter.Column(256, 3));
        return Sum(s, x, s_units.One(s["branch1x1"], x, Filter.Square(192, 1)).Concat(axis: 1, three), 2048, Scale, "shorcut");
    }

    private static Value ReductionB(Scope s, Value x) => s_units.Chain(s["branch3x3a"], x, Filter.Square(256, 1), Filter.Halving(384)).Concat(axis: 1,
        s_units.Chain(s["branch3x3b"], x, Filter.Square(256, 1), Filter.Halving(288)),
        s_units.Chain(s["branch3x3stack"], x, Filter.Square(256, 1), Filter.Square(288, 3), Filter.Halving(320)),
        x.MaxPool(kernel: 3, stride: 2));

    /// <summary>The branches, brought to the channels of the block and scaled, and a projection of x; norm and ReLU behind their sum.</summary>
    private static Value Sum(Scope s, Value x, Value branches, int channels, double scale, string shortcut = "shortcut")
    {
        var residual = branches.TorchConv(s["reduction1x1"], channels, kernel: 1, bias: true);
        if (scale < 1) residual = residual.Times(scale);
        return residual.Plus(x.TorchConv(s[shortcut], channels, kernel: 1, bias: true)).Norm(s["bn"]).Relu();
    }
}
