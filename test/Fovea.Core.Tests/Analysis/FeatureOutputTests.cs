using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Analysis;

/// <summary>Whether a model ends in features or in logits, and what becomes of features.</summary>
public sealed class FeatureOutputTests
{
    public static TheoryData<string, bool> Ends => new()
    {
        { "linear", false }, { "linear bias", false }, { "conv pool", false }, { "conv bias scale", false }, { "linear + linear", false },
        { "relu pool", true }, { "norm", true }, { "concat", true }, { "relu + relu", true }, { "layer_norm token", true }, { "max", true },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void What_stands_behind_the_last_layer_tells_features_from_logits(string end, bool areFeatures) =>
        Assert.Equal(areFeatures, FeatureOutput.Is(Made(end, 8)));

    [Fact]
    public void As_many_numbers_as_classes_of_imagenet_are_logits_whatever_they_end_in() => Assert.False(FeatureOutput.Is(Made("relu pool", 1000)));

    [Fact]
    public void A_classifier_is_attached_to_features_under_a_name_that_is_free()
    {
        var value = Made("relu pool", 8).Flatten();
        value.Graph.Output("logits", value);
        var once = AttachClassifier.To(value.Graph, 5);
        Assert.Equal(TensorType.F32(2, 5), once.Output("logits").Type);
        Assert.Equal((new Shape(5, 8), new Shape(5)), (once.Variable("head.weight").Shape, once.Variable("head.bias").Shape));
        Assert.Equal("head2", AttachClassifier.ModuleIn(once));
        Verifier.Verify(once);
        Assert.Equal(TensorType.F32(2, 8), value.Graph.Output("logits").Type);
    }

    private static Value Made(string end, int width)
    {
        var graph = new Graph("g");
        var x = graph.Input("input", TensorType.F32(2, 3, 4, 4));
        Value Weight(string name, params int[] extents) => graph.Parameter(name, new Shape(extents), Initializer.Zeros);
        Value Conv(string name) => x.Conv2d(Weight(name, width, 3, 1, 1), Window2d.Of());
        Value Linear(string name) => Conv("conv").Relu().Mean(2, 3).MatMul(Weight(name, width, width));
        return end switch
        {
            "linear" => Linear("fc"),
            "linear bias" => Linear("fc").Plus(Weight("bias", width)),
            "conv pool" => Conv("conv").GlobalAveragePool(),
            "conv bias scale" => Conv("conv").PlusChannels(Weight("bias", width)).Times(0.1).Mean(2, 3),
            "linear + linear" => Linear("a").Plus(Weight("b", width)).Times(0.5),
            "relu pool" => Conv("conv").Relu().GlobalAveragePool(),
            "norm" => Conv("conv").BatchNorm(Weight("g", width), Weight("b", width), Weight("m", width), Weight("v", width)).Mean(2, 3),
            "concat" => Conv("a").Concat(1, Conv("b")).Mean(2, 3),
            "relu + relu" => Conv("a").Relu().Plus(Conv("b").Relu()).Mean(2, 3),
            "layer_norm token" => Linear("fc").LayerNorm(Weight("g", width), Weight("b", width)).Slice(0, 0, 2),
            _ => Conv("conv").Max(2, 3),
        };
    }
}
