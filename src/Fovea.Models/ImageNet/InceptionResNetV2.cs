using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>Inception-ResNet-v2 (Szegedy et al. 2016, arXiv:1602.07261 §3.2); names and initialisers follow timm.</summary>
internal static class InceptionResNetV2
{
    private static readonly ConvUnits s_units = new(Epsilon: 1e-3);

    internal static IReadOnlyList<ModelRow> Rows { get; } =
        [InceptionRow.Of("inception_resnet_v2", "inception", Build, "arXiv:1602.07261", crop: 0.8975)];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = s_units.One(s["conv2d_1a"], x, Filter.Halving(32));
        x = s_units.One(s["conv2d_2a"], x, Filter.Square(32, 3, pads: false));
        x = s_units.One(s["conv2d_2b"], x, Filter.Square(64, 3)).MaxPool(kernel: 3, stride: 2);
        x = s_units.One(s["conv2d_3b"], x, Filter.Square(80, 1));
        x = s_units.One(s["conv2d_4a"], x, Filter.Square(192, 3, pads: false)).MaxPool(kernel: 3, stride: 2);
        x = Mixed5(s["mixed_5b"], x);
        for (var i = 0; i < 10; i++) x = BlockA(s["repeat"][i], x).Relu();
        x = Mixed6(s["mixed_6a"], x);
        for (var i = 0; i < 20; i++) x = BlockB(s["repeat_1"][i], x).Relu();
        x = Mixed7(s["mixed_7a"], x);
        for (var i = 0; i < 9; i++) x = BlockC(s["repeat_2"][i], x, scale: 0.2).Relu();
        x = BlockC(s["block8"], x, scale: 1);
        return s_units.One(s["conv2d_7b"], x, Filter.Square(1536, 1)).Classifier(s["classif"], options);
    }

    private static Value Mixed5(Scope s, Value x) => s_units.One(s["branch0"], x, Filter.Square(96, 1)).Concat(axis: 1,
        s_units.Chain(s["branch1"], x, Filter.Square(48, 1), Filter.Square(64, 5)),
        s_units.Chain(s["branch2"], x, Filter.Square(64, 1), Filter.Square(96, 3), Filter.Square(96, 3)),
        s_units.One(s["branch3"][1], x.AvgPool(kernel: 3, stride: 1, padding: 1, countPadding: false), Filter.Square(64, 1)));

    private static Value Mixed6(Scope s, Value x) => s_units.One(s["branch0"], x, Filter.Halving(384)).Concat(axis: 1,
        s_units.Chain(s["branch1"], x, Filter.Square(256, 1), Filter.Square(256, 3), Filter.Halving(384)),
        x.MaxPool(kernel: 3, stride: 2));

    private static Value Mixed7(Scope s, Value x) => s_units.Chain(s["branch0"], x, Filter.Square(256, 1), Filter.Halving(384)).Concat(axis: 1,
        s_units.Chain(s["branch1"], x, Filter.Square(256, 1), Filter.Halving(288)),
        s_units.Chain(s["branch2"], x, Filter.Square(256, 1), Filter.Square(288, 3), Filter.Halving(320)),
        x.MaxPool(kernel: 3, stride: 2));

    /// <summary>Fig. 16.</summary>
    private static Value BlockA(Scope s, Value x) => Residual(s, x, scale: 0.17, s_units.One(s["branch0"], x, Filter.Square(32, 1)).Concat(axis: 1,
        s_units.Chain(s["branch1"], x, Filter.Square(32, 1), Filter.Square(32, 3)),
        s_units.Chain(s["branch2"], x, Filter.Square(32, 1), Filter.Square(48, 3), Filter.Square(64, 3))));

    /// <summary>Fig. 17.</summary>
    private static Value BlockB(Scope s, Value x) => Residual(s, x, scale: 0.1, s_units.One(s["branch0"], x, Filter.Square(192, 1)).Concat(axis: 1,
        s_units.Chain(s["branch1"], x, Filter.Square(128, 1), Filter.Row(160, 7), Filter.Column(192, 7))));

    /// <summary>Fig. 19.</summary>
    private static Value BlockC(Scope s, Value x, double scale) => Residual(s, x, scale, s_units.One(s["branch0"], x, Filter.Square(192, 1)).Concat(axis: 1,
        s_units.Chain(s["branch1"], x, Filter.Square(192, 1), Filter.Row(224, 3), Filter.Column(256, 3))));

    /// <summary>The branches, brought to the channels of x and scaled down (§3.3; not in the last block), are added to it.</summary>
    private static Value Residual(Scope s, Value x, double scale, Value branches) =>
        Scaled(branches.TorchConv(s["conv2d"], x.Shape.C, kernel: 1, bias: true), scale).Plus(x);

    private static Value Scaled(Value x, double scale) => scale < 1 ? x.Times(scale) : x;
}
