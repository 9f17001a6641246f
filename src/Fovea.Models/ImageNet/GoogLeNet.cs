using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>GoogLeNet (Szegedy et al. 2014, arXiv:1409.4842) with norms; names, initialisers and the auxiliary heads follow torchvision.</summary>
/// <remarks>The branch that the paper calls 5×5 has a 3×3 kernel in torchvision and its weights. Images are taken in −1 to 1.</remarks>
internal static class GoogLeNet
{
    /// <summary>The part of each auxiliary loss (§5).</summary>
    private const double AuxiliaryLoss = 0.3;

    /// <summary>The rate of dropout inside the auxiliary heads (§5).</summary>
    private const double AuxiliaryDropout = 0.7;

    private static readonly Initializer s_initial = new Initializer.Normal(0.01);
    private static readonly ConvUnits s_units = new(Epsilon: 1e-3, s_initial);

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        InceptionRow.Of("googlenet", "googlenet", Build, "arXiv:1409.4842", crop: 0.875, size: 224) with
        {
            Licence = "BSD-3-Clause", Interpolation = Interpolation.Bilinear, DropRate = 0.2,
        },
    ];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = PoolUp(s_units.One(s["conv1"], x, Filter.Square(64, 7, stride: 2)), kernel: 3);
        x = s_units.One(s["conv2"], x, Filter.Square(64, 1));
        x = PoolUp(s_units.One(s["conv3"], x, Filter.Square(192, 3)), kernel: 3);
        x = Module(s["inception3a"], x, 64, (96, 128), (16, 32), 32);
        x = PoolUp(Module(s["inception3b"], x, 128, (128, 192), (32, 96), 64), kernel: 3);
        var first = Module(s["inception4a"], x, 192, (96, 208), (16, 48), 64);
        x = Module(s["inception4b"], first, 160, (112, 224), (24, 64), 64);
        x = Module(s["inception4c"], x, 128, (128, 256), (24, 64), 64);
        var second = Module(s["inception4d"], x, 112, (144, 288), (32, 64), 64);
        x = PoolUp(Module(s["inception4e"], second, 256, (160, 320), (32, 128), 128), kernel: 2);
        x = Module(s["inception5a"], x, 256, (160, 320), (32, 128), 128);
        x = Module(s["inception5b"], x, 384, (192, 384), (48, 128), 128);
        Auxiliary(s, "aux1", first, options);
        Auxiliary(s, "aux2", second, options);
        return x.Classifier(s["fc"], options, weightInitial: s_initial);
    }

    /// <summary>Fig. 2b.</summary>
    private static Value Module(Scope s, Value x, int single, (int In, int Out) three, (int In, int Out) five, int pooled) =>
        s_units.One(s["branch1"], x, Filter.Square(single, 1)).Concat(axis: 1,
            s_units.Chain(s["branch2"], x, Filter.Square(three.In, 1), Filter.Square(three.Out, 3)),
            s_units.Chain(s["branch3"], x, Filter.Square(five.In, 1), Filter.Square(five.Out, 3)),
            s_units.One(s["branch4"][1], x.MaxPool(kernel: 3, stride: 1, padding: 1), Filter.Square(pooled, 1)));

    /// <summary>A head that training alone computes, so that early layers get a gradient of their own.</summary>
    private static void Auxiliary(Scope s, string name, Value x, ModelOptions options)
    {
        var y = s_units.One(s[name]["conv"], x.AdaptiveAveragePool(4), Filter.Square(128, 1));
        y = y.Linear(s[name]["fc1"], 1024, weightInitial: s_initial).Relu().Dropout(AuxiliaryDropout);
        var classes = options.Classes ?? throw new ModelException("classes is not resolved");
        s.Graph.Auxiliary(name, y.Linear(s[name]["fc2"], classes, weightInitial: s_initial), AuxiliaryLoss);
    }

    /// <summary>Max pooling of stride 2 that rounds the size up: the last window may reach over the edge.</summary>
    private static Value PoolUp(Value x, int kernel) =>
        x.MaxPool(kernel, kernel, new Window2d(2, 2, Bottom: Over(x.Shape.H, kernel), Right: Over(x.Shape.W, kernel)));

    private static int Over(int size, int kernel) => size < kernel - 1 ? 0 : (size - kernel) & 1;
}
